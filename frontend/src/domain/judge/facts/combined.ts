import { allHold, answer, anyHolds, known, part, type Answer, type Condition, type Fact } from "./fact";
import type { Facts } from ".";

/** Named facts that are plain combinations: any of these, all of these. */

type Combinations = Readonly<Record<string, readonly Condition[] | undefined>>;

const yes = (...names: string[]): Condition[] => names.map((name) => [name, "is", true]);

const ANY_OF: Combinations = {
  cauda_equina_sign: yes(
    "sign.saddle_numbness",
    "sign.bladder_change",
    "sign.bowel_change",
    "sign.both_legs_affected",
    "sign.sexual_sensation_change",
  ),
  "pain.severe": [["sign.pain", ">=", 7], ...yes("sign.pain_severe_sudden")],
  "pain.more_than_mild": [["sign.pain", ">=", 4], ...yes("sign.pain_severe_sudden")],
  "skin.red_or_hot": yes("sign.red", "sign.hot"),
  "skin.infected": yes(
    "sign.pus",
    "skin.infection_redness",
    "sign.spreading_redness",
    "lump.infection_in_skin",
    "skin.red_or_hot_with_fever",
    "skin.red_or_hot_after_infection",
  ),
  "lump.boil_or_infected": yes("skin.infected", "lump.infected_not_gland"),
  "infection.bad": yes("skin.infected", "fever", "pain.severe"),
  teeth_or_jaw: yes("sign.toothache", "sign.jaw_wont_open"),
  "lump.infected": [...yes("skin.infected"), ["lump.cause", "is", "infection"]],
  head_knock: yes("sign.head_injury", "lump.new_injury"),
  "lump.two_weeks_or_uncertain": [["lump.days", ">=", 14], ...yes("lump.duration_uncertain")],
  "lump.new_or_growing": [["lump.days", "<", 366], ...yes("lump.growing")],
  "immunity.weak": yes("person.weak_immunity", "person.transplant", "person.diabetes"),
  bleeding_risk: yes("person.anticoagulant", "person.bleeding_disorder"),
  "weight_loss.any": yes("sign.weight_loss", "weight_loss.matters"),
  systemic_symptom: yes("fever", "sign.night_sweats", "weight_loss.any", "sign.itch", "sign.breathless"),
  limb_or_blood_loss_sign: yes("pain.severe", "sign.numb_or_weak_beyond", "sign.limb_cold", "sign.dizzy", "sign.collapse"),
  reaction_sign: yes("sign.breathless", "sign.hard_to_breathe", "sign.dizzy", "sign.collapse", "sign.vomiting"),
  "skin.sore": yes("sign.ulcer", "sign.bleeding", "sign.oozing", "sign.inflammation", "sign.sensation_change"),
};

const ALL_OF: Combinations = {
  "skin.red_and_hot": yes("sign.red", "sign.hot"),
  "skin.red_or_hot_with_fever": yes("skin.red_or_hot", "fever"),
  "skin.red_or_hot_after_infection": yes("lump.infected_not_gland", "skin.red_or_hot"),
  face_swelling_reaction: yes("sign.face_or_mouth_swelling", "reaction_sign"),
  fever_and_vomiting: yes("fever", "sign.vomiting"),
  toothache_and_fever: yes("sign.toothache", "fever"),
};

/** An answer as a fact: its parts stay the plain ones, so that a person is told the sign and not our name for it. */
export function asFact(name: string, held: Answer): Fact {
  if (held.truth === null) return { value: null, parts: [], missing: held.missing, until: held.until };
  return known(held.truth, held.truth ? held.parts : [part(name, false)], held.until);
}

/** The combination of that name, if there is one. */
export function combined(facts: Facts, name: string): Fact | null {
  const answers = (rows: readonly Condition[]): Answer[] => rows.map((row) => answer(row, facts.get(row[0])));
  const any = ANY_OF[name];
  if (any) return asFact(name, anyHolds(answers(any)));
  const all = ALL_OF[name];
  return all ? asFact(name, allHold(answers(all))) : null;
}
