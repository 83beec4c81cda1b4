/**
 * Which questions stand open on the screen and which are folded away. What an emergency or the same day hangs on is
 * open; what builds up over weeks, and what is asked of children where nobody has said the age, is one press away.
 * Folded or open, what is not answered is not answered.
 */
import type { Ask } from "../../domain/catalogue";
import { ageRange, type Day } from "../../domain/dates";
import type { Answers, Person } from "../../domain/record";

const SLOW = new Set(["past_weeks", "mole"]);

export function inOrder(
  asks: readonly Ask[],
  background: Answers,
  person: Pick<Person, "birth_date"> | null,
  today: Day,
): { first: Ask[]; folded: Ask[] } {
  const knowsAge = ageRange(person?.birth_date ?? null, today) !== null;
  // The list of a mole is asked once somebody says that it sits in the skin.
  const any = asks.filter(({ name, group }) => group.ask === "any" && (name !== "mole" || background["kind"] === "in_skin"));
  const isFolded = ({ name, group }: Ask): boolean => SLOW.has(name) || (group.under_age_years !== undefined && !knowsAge);
  return { first: any.filter((ask) => !isFolded(ask)), folded: any.filter(isFolded) };
}
