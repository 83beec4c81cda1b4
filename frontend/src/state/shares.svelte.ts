import { server } from "../api";
import type { ShareDraft, ShareLink } from "../api/types";
import { newId } from "../domain/ids";
import type { Id } from "../domain/record";
import { endAfter, linkState, visitsOf, type Visit } from "../domain/sharing";
import type { Database } from "../store/db";

/**
 * Links for clinicians. The server says `url`, `code` and passcode once. This phone keeps the first two until the link
 * ends, to show them again; the passcode it keeps nowhere, or whoever has the phone would have all three. Making and
 * revoking need the server: nothing here is queued.
 */
export class Shares {
  links = $state.raw<ShareLink[]>([]);
  readonly live: ShareLink[] = $derived(this.links.filter((link) => linkState(link, Date.now()) === "open"));

  #db: Promise<Database>;

  constructor(db: Promise<Database>) {
    this.#db = db;
  }

  async load(): Promise<void> {
    const kept = (await (await this.#db).get("cache", "shares")) as ShareLink[] | undefined;
    if (kept?.some((link) => link.passcode)) await this.#keep(kept); // by an earlier version
    else this.links = kept ?? [];
  }

  /** What was made or ended here while the list was on its way stays so: the list may be older. */
  async refresh(): Promise<void> {
    const before = new Set(this.links.map(({ id }) => id));
    const { results } = await server.shareLinks();
    const known = new Map(this.links.map((link) => [link.id, link]));
    const told = new Set(results.map(({ id }) => id));
    const made = this.links.filter(({ id }) => !before.has(id) && !told.has(id));
    const listed = results.map((link) => {
      const mine = known.get(link.id);
      return { ...secretsOf(mine), ...link, revoked_at: link.revoked_at ?? mine?.revoked_at ?? null };
    });
    await this.#keep([...made, ...listed]);
  }

  /** The answer alone holds the passcode. May be refused with `reauthentication_required`: then through `whenSure` of parts/sure. */
  async create(draft: ShareDraft): Promise<ShareLink> {
    const link = await server.putShareLink(newId(), draft);
    await this.#keep([link, ...this.links.filter(({ id }) => id !== link.id)]); // a list may have brought it already
    return link;
  }

  /**
   * The same to see with another passcode, which the server makes: a link's own cannot change. The old one ends. Where
   * that fails, the new one is still told: its passcode is known in this moment alone.
   */
  async replace(link: ShareLink): Promise<{ made: ShareLink; isOldOpen: boolean }> {
    const made = await this.create({ ...wishOf(link), expires_at: link.expires_at });
    const isOldOpen = await this.revoke(link.id).then(
      () => false,
      () => true,
    );
    return { made, isOldOpen };
  }

  async revoke(id: Id): Promise<void> {
    await server.revokeShareLink(id);
    const at = new Date().toISOString();
    await this.#keep(this.links.map((link) => (link.id === id ? { ...link, revoked_at: at } : link)));
    await this.refresh().catch(() => undefined); // how often it was opened meanwhile; revoked it is in any case
  }

  /**
   * So many days more from now or from its end, whichever is later; 90 days at most, but never less than it had. May ask
   * for the password, as `create`.
   */
  async extend(link: ShareLink, days: number): Promise<void> {
    const now = Date.now();
    const end = Date.parse(link.expires_at);
    const later = endAfter(days, { from: Math.max(now, end), now });
    const expires_at = later > end ? new Date(later).toISOString() : link.expires_at;
    const changed = await server.putShareLink(link.id, { ...wishOf(link), expires_at });
    await this.#keep(this.links.map((one) => (one.id === link.id ? { ...secretsOf(one), ...changed } : one)));
  }

  /** Who opened it, when, and what they looked at; also of a link that is over. */
  async visits(id: Id): Promise<Visit[]> {
    return visitsOf((await server.shareAccesses(id)).results);
  }

  async #keep(links: readonly ShareLink[]): Promise<void> {
    this.links = links.map((link) => ({ ...link, passcode: undefined, ...(isDead(link) ? { url: undefined, code: undefined } : {}) }));
    await (await this.#db).put("cache", this.links, "shares");
  }
}

const isDead = (link: ShareLink): boolean => !["open", "used_up"].includes(linkState(link, Date.now()));

function wishOf({ lumps, photos, intimate_photos, label, max_openings, write_back, names }: ShareLink): ShareDraft {
  return { lumps, photos, intimate_photos, label, max_openings, write_back, names };
}

function secretsOf(link: ShareLink | undefined): Partial<ShareLink> {
  return link ? { url: link.url, code: link.code } : {};
}
