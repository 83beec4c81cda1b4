/** What a share link is by now, and what was done with it. */

/** Wrong passcodes a link takes in its life. After them it is closed for good: whoever guesses may be inside already. */
export const TRIES = 5;

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const MOST_DAYS = 90;

/** So many days after `from`, 90 from now at most: less a minute there, as a phone's clock may run ahead of the server's. */
export const endAfter = (days: number, { from, now }: { from: number; now: number }): number =>
  Math.min(from + days * DAY_MS, now + MOST_DAYS * DAY_MS - MINUTE_MS);

export type LinkState = "open" | "revoked" | "guessed" | "used_up" | "ended";

export interface LinkFacts {
  expires_at: string;
  revoked_at: string | null;
  has_passcode: boolean;
  passcode_tries_left: number;
  openings: number;
  max_openings: number | null;
}

/** Why it cannot be opened any more, the reason that somebody made before the one that time makes. */
export function linkState(link: LinkFacts, now: number): LinkState {
  if (link.revoked_at !== null) return "revoked";
  if (link.has_passcode && link.passcode_tries_left <= 0) return "guessed";
  if (link.max_openings !== null && link.openings >= link.max_openings) return "used_up";
  return Date.parse(link.expires_at) <= now ? "ended" : "open";
}

/** Whoever opened a link before it was used up reads on for half an hour; any other end is one for them too. */
export function mayBeRead(link: LinkFacts, now: number): boolean {
  const state = linkState(link, now);
  return state === "open" || (state === "used_up" && Date.parse(link.expires_at) > now);
}

export interface Access {
  at: string;
  what: string;
  recipient: string;
  reader: string;
}
/** One reader at one sitting. */
export interface Visit {
  at: string;
  recipient: string;
  did: string[];
}

const SITTING_MS = 30 * MINUTE_MS;

/** What each reader did at one sitting, as one entry; the latest sitting first, what was done in its order. */
export function visitsOf(accesses: readonly Access[]): Visit[] {
  const visits: Visit[] = [];
  const current = new Map<string, Visit>();
  for (const { at, what, recipient, reader } of accesses.toReversed().toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    const before = current.get(reader);
    if (before && Date.parse(at) - Date.parse(before.at) < SITTING_MS) {
      if (!before.did.includes(what)) before.did.push(what);
      continue;
    }
    const visit = { at, recipient, did: [what] };
    current.set(reader, visit);
    visits.push(visit);
  }
  return visits.reverse();
}
