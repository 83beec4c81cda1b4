import { followUp as server, type Contact, type Episode, type Reminders, type Step } from "../api/followup";
import type { Id } from "../domain/record";

/** What the server tells and plans to tell, and by whom it is heard. Nothing of it is queued: it is asked for and said online. */
export class FollowUp {
  reminders = $state.raw<Reminders | null>(null);
  contact = $state.raw<Contact | null>(null);
  #episodes = $state.raw<ReadonlyMap<Id, readonly Episode[]>>(new Map());

  /** What is open about a lump; null until it was asked for. */
  episodes = (lump: Id): readonly Episode[] | null => this.#episodes.get(lump) ?? null;

  async look(lump: Id): Promise<void> {
    const { results } = await server.episodes(lump);
    this.#episodes = new Map(this.#episodes).set(lump, results);
  }

  /** Takes one way of one step out; the others come all the same. */
  async stop(episode: Episode, { step, channel }: Step): Promise<void> {
    await server.stopStep(episode.id, step, channel);
    await this.look(episode.lump);
  }

  async lookAtReminders(): Promise<void> {
    this.reminders = await server.reminders();
  }

  /** Sends a test by every way that leads somewhere. */
  async test(): Promise<void> {
    this.reminders = await server.testReminders();
  }

  async arrived(arrived: boolean): Promise<void> {
    this.reminders = await server.testArrived(arrived);
  }

  async lookAtContact(): Promise<void> {
    this.contact = await server.contact();
  }

  /** `words` is the version of the mail that was on the screen: sending it is the consent. */
  async nameContact(name: string, email: string, words: string): Promise<void> {
    this.contact = await server.nameContact({ name, email, words });
  }

  async dropContact(): Promise<void> {
    await server.dropContact();
    await this.lookAtContact();
  }
}

export const followUp = new FollowUp();
