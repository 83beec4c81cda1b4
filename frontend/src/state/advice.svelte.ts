import { urgency, type Assessment } from "../domain/assessment";
import { historyOf, type HistoryDocument, type Kept } from "../domain/history";
import { evidenceOf, fromServer, levelOf, stillStanding, type Said, type Standing } from "../domain/standing";
import { inWords, sayingsOf, type Sayings } from "../domain/sayings";
import { urgentQuestions } from "../domain/urgent";
import type { RulebookPage } from "../domain/judge";
import type { Id, Level, Lump } from "../domain/record";
import type { KeptAssessment } from "../store/assessments";
import type { Database } from "../store/db";
import type { RecordBook } from "./record.svelte";

/** Judges one history as of an instant; the same rules, facts and growth as the server's. */
export interface Judge {
  judge(history: HistoryDocument, at: Date): Assessment;
  rulebook(): RulebookPage;
}
/** Which words are meant. */
export interface Place {
  readonly language: string;
  readonly region: string | null;
}
export type LoadJudge = (language: string, region: string | null) => Promise<Judge>;

/** What is shown about a lump. */
export interface Shown {
  assessment: Assessment;
  /** The most urgent of what holds now and what stands from before. */
  level: Level;
  standing: readonly Standing[];
  /** Emergency and same-day questions that nobody has answered. */
  ask: readonly string[];
  from: "phone" | "server";
  /** Something was logged since, and nobody has judged it yet. */
  stale: boolean;
}

/** What this phone said last, kept with the entries it was said about. */
interface KeptAdvice extends Said {
  lump: Id;
  about: string;
  judged_at: string;
  ask: readonly string[];
  /** Each change of what was asked for, oldest first. */
  told: readonly Told[];
}

/** What this phone asked for, from when on. */
export interface Told {
  at: string;
  level: Level;
  titles: readonly string[];
}

const KEY = "judged ";
/** A lump and its first check are saved one after the other, and a slip is mended at once: that is one thing said. */
const ONE_ENTRY_MS = 60_000;
/** The longest a timer may be set for: browsers count it in 32 bits. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A short name for the same entries: the judgement is only worked out anew when they changed or time has passed. */
function nameOf(history: HistoryDocument): string {
  const text = JSON.stringify([history.person, history.lump, history.observations, history.care]);
  let hash = 5381;
  for (let i = 0; i < text.length; i += 1) hash = (Math.imul(hash, 33) ^ text.charCodeAt(i)) >>> 0;
  return `${text.length}-${hash}`;
}

/** Judging waits until what was pressed is on the screen: first the frame, then the rest of the task it is drawn in. */
const quiet = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof requestAnimationFrame !== "function" || document.visibilityState === "hidden") resolve();
    else requestAnimationFrame(() => setTimeout(resolve));
  });

const isSame = (before: readonly object[] | undefined, now: readonly object[]): boolean =>
  before?.length === now.length && now.every((each, index) => each === before[index]);

/** The server's word, and the phone's where that is more urgent. */
function shownFrom({ assessment: there, stale }: KeptAssessment & { stale: boolean }, here: KeptAdvice | null): Shown {
  const isMore = here !== null && !stale && urgency(here.assessment.level) > urgency(there.level);
  const assessment = isMore ? here.assessment : there;
  const firing = new Set(assessment.findings.map(({ rule }) => rule));
  const standing = (there.standing ? fromServer(there.standing) : (here?.standing ?? [])).filter(({ rule }) => !firing.has(rule));
  const level = levelOf(assessment, standing);
  return { assessment, standing, level, ask: there.ask ?? here?.ask ?? [], from: isMore ? "phone" : "server", stale };
}

/**
 * Advice at once, from the phone itself. Whatever is saved is judged here, offline and without an account; the server's
 * assessment takes its place once it has seen the same entries, and where the two differ the more urgent one is shown.
 */
export class Advice {
  #kept = $state.raw<ReadonlyMap<Id, KeptAdvice>>(new Map());
  /** Moves when time alone may have changed an answer. */
  #now = $state(Date.now());
  /** Lumps that this phone could not judge: the screen says so instead of promising advice. */
  failed = $state.raw<ReadonlySet<Id>>(new Set());

  #db: Promise<Database>;
  #record: RecordBook;
  #load: LoadJudge;
  #place: Place;
  #judges = new Map<string, Promise<Judge>>();
  /** By language and region: what was told in another language is shown in the one that is spoken now. */
  #sayings = $state.raw<ReadonlyMap<string, Sayings>>(new Map());
  /** The very objects that were judged last: what has not moved is not even looked at. */
  #judged = new Map<Id, readonly object[]>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(db: Promise<Database>, record: RecordBook, load: LoadJudge, place: Place) {
    this.#db = db;
    this.#record = record;
    this.#load = load;
    this.#place = place;
  }

  /** What to show about a lump, or null where nobody has judged it yet. */
  of = (lump: Id): Shown | null => {
    const shown = this.#shown(lump);
    const words = shown && this.#sayings.get(this.#wordsFor(this.#record.lump(lump)));
    if (!words) return shown;
    const findings = inWords(shown.assessment.findings, words);
    return { ...shown, assessment: { ...shown.assessment, findings }, standing: inWords(shown.standing, words) };
  };

  #shown(lump: Id): Shown | null {
    const here = this.#kept.get(lump) ?? null;
    const there = this.#record.assessment(lump);
    if (there && (!here || !there.stale)) return shownFrom(there, here);
    return here && { ...here, level: levelOf(here.assessment, here.standing), from: "phone", stale: this.#isPast(here) };
  }

  /** What this phone asked for over time, for the story of a lump. */
  told = (lump: Id): readonly Told[] => this.#kept.get(lump)?.told ?? [];

  level = (lump: Id): Level => this.#shown(lump)?.level ?? "watch";

  /** What was kept, at once; judging begins when the screen stands. */
  async load(): Promise<void> {
    const rows = await (await this.#db).getAll("cache", IDBKeyRange.bound(KEY, `${KEY}\uffff`));
    this.#kept = new Map((rows as KeptAdvice[]).map((row) => [row.lump, row]));
  }

  /** Follows the record from now on: what is saved, what a sync brings, and the time at which an answer grows old. */
  follow(): void {
    $effect.root(() => {
      $effect(() => {
        if (this.#record.ready && this.#now > 0 && this.#place.language && this.#record.lumps.every((lump) => this.#objects(lump))) void this.judgeAll();
      });
    });
    const look = (): void => {
      if (document.visibilityState === "visible") this.#now = Date.now();
    };
    document.addEventListener("visibilitychange", look);
    addEventListener("pageshow", look);
  }

  /** Loads what judges while a form is being filled in, so that it stands ready at Save. */
  prepare = (region: string | null): void => void this.#judge(region).catch(() => undefined); // asked for again at Save

  /** Every rule as it judges here. */
  rulebook = async (region: string | null): Promise<RulebookPage> => (await this.#judge(region)).rulebook();

  /** Whatever has changed since it was judged, or has come of age; the latest made first, each in a quiet moment of its own. */
  judgeAll(): Promise<void> {
    this.#running = this.#running.then(async () => {
      for (const lump of this.#record.lumps) {
        if (this.#isJudged(lump)) continue;
        await quiet();
        await this.judge(lump);
      }
      this.#wake();
    });
    return this.#running;
  }

  /** Judges one lump as it stands now, where that is not known yet. */
  async judge(lump: Lump): Promise<void> {
    const kept = this.#about(lump);
    const objects = this.#objects(lump);
    if (!kept || this.#isJudged(lump)) return;
    try {
      await this.#work(kept, this.#kept.get(lump.id) ?? null);
      this.#judged.set(lump.id, objects);
      if (this.failed.has(lump.id)) this.failed = new Set([...this.failed].filter((id) => id !== lump.id));
    } catch {
      this.failed = new Set([...this.failed, lump.id]); // said on the screen; the next change tries again
    }
  }

  /** The very entries that it is made of were judged, and no time has passed over it. */
  #isJudged(lump: Lump): boolean {
    const kept = this.#kept.get(lump.id);
    const isSaid = this.#sayings.has(this.#wordsFor(lump));
    return kept !== undefined && isSaid && !this.#isPast(kept, Date.now()) && isSame(this.#judged.get(lump.id), this.#objects(lump));
  }

  #about(lump: Lump): Kept | null {
    const person = this.#record.person(lump.person);
    // Who has not said where they live is told what to do in the words of where their phone is from.
    return person && { person: { ...person, region: person.region ?? this.#place.region }, lump, observations: this.#record.observations(lump.id), care: this.#record.care(lump.id) };
  }

  #objects(lump: Lump): readonly object[] {
    const person = this.#record.person(lump.person);
    return [...(person ? [person] : []), lump, this.#record.observations(lump.id), this.#record.care(lump.id)];
  }

  async #work(kept: Kept, before: KeptAdvice | null): Promise<void> {
    const now = new Date();
    const history = historyOf(kept, now);
    const about = nameOf(history);
    const judge = await this.#judge(kept.person.region);
    const name = this.#wordsFor(kept.lump);
    if (!this.#sayings.has(name)) this.#sayings = new Map(this.#sayings).set(name, sayingsOf(judge.rulebook().rules));
    if (before && before.about === about && !this.#isPast(before, now.getTime())) return;
    const assessment = judge.judge(history, now);
    const levels = new Map(judge.rulebook().rules.map(({ id, level }) => [id, level]));
    const evidence = Object.fromEntries(assessment.findings.map((finding) => [finding.rule, evidenceOf(finding, kept)]));
    const standing = stillStanding(this.#lastSaid(kept.lump.id, before), assessment, kept);
    const ask = urgentQuestions(assessment, levels, kept);
    const level = levelOf(assessment, standing);
    const told = (before?.told ?? []).filter(({ at }) => now.getTime() - Date.parse(at) > ONE_ENTRY_MS);
    const titles = [...assessment.findings, ...standing].filter((each) => each.level === level).map(({ title }) => title);
    const isNews = level !== (told.at(-1)?.level ?? "watch");
    const judged_at = now.toISOString();
    const news: readonly Told[] = isNews ? [...told, { at: judged_at, level, titles }] : told;
    await this.#keep({ lump: kept.lump.id, about, judged_at, assessment, evidence, standing, ask, told: news });
  }

  /** What the server holds to counts as said, too: it may know of advice from before this phone. */
  #lastSaid(lump: Id, before: KeptAdvice | null): Said | null {
    const there = this.#record.assessment(lump);
    if (!there?.assessment.standing || (before && Date.parse(there.fetched_at) < Date.parse(before.judged_at))) return before;
    const standing = fromServer(there.assessment.standing);
    return before ? { ...before, standing } : { assessment: there.assessment, evidence: {}, standing };
  }

  async #keep(advice: KeptAdvice): Promise<void> {
    this.#kept = new Map(this.#kept).set(advice.lump, advice);
    await (await this.#db).put("cache", advice, KEY + advice.lump);
  }

  #wordsFor(lump: Lump | null | undefined): string {
    const region = (lump && this.#record.person(lump.person)?.region) ?? this.#place.region;
    return `${this.#place.language} ${region ?? ""}`;
  }

  #judge(region: string | null): Promise<Judge> {
    const name = `${this.#place.language} ${region ?? ""}`;
    const known = this.#judges.get(name) ?? this.#load(this.#place.language, region);
    this.#judges.set(name, known);
    known.catch(() => this.#judges.delete(name)); // a part that did not load is asked for again
    return known;
  }

  #isPast = ({ assessment }: Said, now: number = this.#now): boolean =>
    assessment.reassess_at !== null && Date.parse(assessment.reassess_at) <= now;

  /** Wakes when the first answer grows old. */
  #wake(): void {
    clearTimeout(this.#timer);
    const times = [...this.#kept.values()].map(({ assessment }) => Date.parse(assessment.reassess_at ?? "")).filter((at) => at > Date.now());
    if (times.length === 0) return;
    const wait = Math.min(Math.min(...times) - Date.now() + 1, LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => {
      this.#now = Date.now();
    }, wait);
  }
}
