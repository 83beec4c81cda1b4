/** Whose lumps are in view: one choice for the list, the advice and the checks, as long as the app is open. */
import type { Id, Lump } from "../domain/record";
import { record } from "../state";

class People {
  /** Null shows everybody. */
  chosen = $state<Id | null>(null);
  readonly shown: Id | null = $derived(this.chosen !== null && record.persons.length > 1 && record.person(this.chosen) ? this.chosen : null);
}

export const people = new People();
export const inView = (lump: Lump): boolean => people.shown === null || lump.person === people.shown;
