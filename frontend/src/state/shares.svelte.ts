import { server } from "../api";
import type { ShareAccess, ShareDraft, ShareLink } from "../api/types";
import { newId } from "../domain/ids";
import type { Id } from "../domain/record";
import type { Database } from "../store/db";

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const MOST_DAYS = 90;

/**
 * Links for clinicians. The server says `url`, `code` and passcode once; this phone keeps them until the link ends, to
 * show them again. Making and revoking need the server: nothing here is queued.
 */
export class Shares {
  links = $state.raw<ShareLink[]>([]);
  readonly live: ShareLink[] = $derived(this.links.filter((link) => !link.revoked_at && Date.parse(link.expires_at) > Date.now()));

  #db: Promise<Database>;

  constructor(db: Promise<Database>) {
    this.#db = db;
  }

  async load(): Promise<void> {
    this.links = ((await (await this.#db).get("cache", "shares")) as ShareLink[] | undefined) ?? [];
  }

  async refresh(): Promise<void> {
    const { results } = await server.shareLinks();
    const known = new Map(this.links.map((link) => [link.id, link]));
    await this.#keep(results.map((link) => ({ ...secretsOf(known.get(link.id)), ...link })));
  }

  /** May be refused with `reauthentication_required`: then `session.reauthenticate(password)` and again. */
  async create(draft: ShareDraft): Promise<ShareLink> {
    const link = await server.putShareLink(newId(), draft);
    await this.#keep([link, ...this.links]);
    return link;
  }

  async revoke(id: Id): Promise<void> {
    await server.revokeShareLink(id);
    const at = new Date().toISOString();
    await this.#keep(this.links.map((link) => (link.id === id ? { ...link, revoked_at: at } : link)));
    await this.refresh().catch(() => undefined); // how often it was opened meanwhile; revoked it is in any case
  }

  /** So many days more from now or from its end, whichever is later; 90 days at most. May ask for the password, as `create`. */
  async extend(link: ShareLink, days: number): Promise<void> {
    const now = Date.now();
    const until = Math.min(Math.max(now, Date.parse(link.expires_at)) + days * DAY_MS, now + MOST_DAYS * DAY_MS - MINUTE_MS);
    const { lumps, photos, intimate_photos, label, max_openings, write_back, names } = link;
    const draft = { lumps, photos, intimate_photos, label, max_openings, write_back, names };
    const changed = await server.putShareLink(link.id, { ...draft, expires_at: new Date(until).toISOString() });
    await this.#keep(this.links.map((one) => (one.id === link.id ? { ...secretsOf(one), ...changed } : one)));
  }

  /** Who opened it, and when. */
  async accesses(id: Id): Promise<ShareAccess[]> {
    return (await server.shareAccesses(id)).results;
  }

  async #keep(links: ShareLink[]): Promise<void> {
    this.links = links.map((link) => (isOver(link) ? { ...link, url: undefined, code: undefined, passcode: undefined } : link));
    await (await this.#db).put("cache", this.links, "shares");
  }
}

const isOver = (link: ShareLink): boolean => link.revoked_at !== null || Date.parse(link.expires_at) <= Date.now();

function secretsOf(link: ShareLink | undefined): Partial<ShareLink> {
  if (!link) return {};
  const { url, code, passcode } = link;
  return { url, code, passcode };
}
