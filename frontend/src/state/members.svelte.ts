import { members as server, type Invitation, type InvitationDraft, type Look, type Member } from "../api/members";
import { newId } from "../domain/ids";
import type { Id } from "../domain/record";

/** Who shares in whose record. Nothing of it is queued or kept: it is asked for and said online. */
export class Members {
  /** The link or code that somebody came with; it waits here while they sign in. */
  secret = $state("");
  #lists = $state.raw<ReadonlyMap<Id, readonly Member[]>>(new Map());
  #invitations = $state.raw<readonly Invitation[]>([]);

  /** Everybody who shares, owners first; null until it was asked for. */
  of = (person: Id): readonly Member[] | null => this.#lists.get(person) ?? null;
  me = (person: Id): Member | null => this.of(person)?.find((one) => one.is_me) ?? null;
  open = (person: Id): readonly Invitation[] => this.#invitations.filter((one) => one.person === person && one.state === "open");

  async lookAt(person: Id): Promise<void> {
    const { results } = await server.list(person);
    this.#lists = new Map(this.#lists).set(person, results);
    if (this.me(person)?.role === "owner") await this.#lookAtInvitations();
  }

  async change(person: Id, member: Id, fields: Partial<Pick<Member, "role" | "told">>): Promise<void> {
    await server.change(person, member, fields);
    await this.lookAt(person);
  }

  async remove(person: Id, member: Id): Promise<void> {
    await server.remove(person, member);
    if (this.me(person)?.id === member) this.#lists = new Map([...this.#lists].filter(([id]) => id !== person));
    else await this.lookAt(person);
  }

  /** May be refused with `reauthentication_required`, as a link is. */
  async invite(draft: InvitationDraft): Promise<void> {
    const made = await server.invite(newId(), draft);
    this.#invitations = [made, ...this.#invitations];
  }

  async end(invitation: Id): Promise<void> {
    await server.end(invitation);
    this.#invitations = this.#invitations.filter((one) => one.id !== invitation);
  }

  peek = (secret: string): Promise<Look> => server.look(secret);

  async accept(): Promise<Id> {
    const { person } = await server.accept(this.secret);
    this.secret = "";
    return person;
  }

  async #lookAtInvitations(): Promise<void> {
    const { results } = await server.invitations();
    const secrets = new Map(this.#invitations.map(({ id, url, code }) => [id, { url, code }]));
    this.#invitations = results.map((one) => ({ ...one, ...secrets.get(one.id) }));
  }
}

export const members = new Members();
