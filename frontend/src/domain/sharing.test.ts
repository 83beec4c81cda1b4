import { expect, test } from "vitest";
import { linkState, mayBeRead, visitsOf, type Access, type LinkFacts } from "./sharing";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const LINK: LinkFacts = {
  expires_at: "2026-11-29T10:00:00Z",
  revoked_at: null,
  has_passcode: true,
  passcode_tries_left: 5,
  openings: 0,
  max_openings: 3,
};
const PAST = { expires_at: "2026-11-22T10:00:00Z" };

test.each([
  ["open", {}],
  ["open", { passcode_tries_left: 1, openings: 2 }],
  ["open", { passcode_tries_left: 0, has_passcode: false }],
  ["open", { openings: 40, max_openings: null }],
  ["ended", PAST],
  ["used_up", { openings: 3 }],
  ["used_up", { openings: 3, ...PAST }],
  ["guessed", { passcode_tries_left: 0 }],
  ["guessed", { passcode_tries_left: 0, openings: 3, ...PAST }],
  ["revoked", { revoked_at: "2026-11-21T10:00:00Z", passcode_tries_left: 0 }],
] as const)("a link is %s where %j", (state, facts) => {
  expect(linkState({ ...LINK, ...facts }, NOW)).toBe(state);
});

test("one that is used up may still be read by who is inside, until its day has come", () => {
  expect(mayBeRead({ ...LINK, openings: 3 }, NOW)).toBe(true);
  expect(mayBeRead({ ...LINK, openings: 3, ...PAST }, NOW)).toBe(false);
  expect(mayBeRead({ ...LINK, passcode_tries_left: 0 }, NOW)).toBe(false);
});

test("what one reader did within half an hour is one visit, and the latest comes first", () => {
  const access = (at: string, reader: string, what: string): Access => ({ at: `2026-11-22T${at}Z`, reader, what, recipient: "" });
  const newestFirst = [access("09:40:00", "a", "opened"), access("09:09:00", "a", "report"), access("09:05:00", "b", "wrong_passcode"), access("09:01:00", "a", "photo"), access("09:00:00", "a", "opened")];
  expect(visitsOf(newestFirst).map(({ at, did }) => [at.slice(11, 16), did])).toEqual([
    ["09:40", ["opened"]],
    ["09:05", ["wrong_passcode"]],
    ["09:00", ["opened", "photo", "report"]],
  ]);
});
