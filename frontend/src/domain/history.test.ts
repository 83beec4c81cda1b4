import { expect, test } from "vitest";
import { fresh } from "./fields";
import { historyOf } from "./history";

const now = new Date("2026-11-22T09:00:00Z");
const check = (observed_at: string) => fresh("observation", observed_at, { lump: "l", observed_at, signs: { fever: true } });
const history = (observed_at: string) =>
  historyOf(
    { person: fresh("person", "p", {}), lump: fresh("lump", "l", { person: "p", site: "calf" }), observations: [check(observed_at)], care: [fresh("care", "c", { lump: "l", kind: "seen", on: "2026-11-20" })] },
    now,
  );

test("the document holds everything about the lump", () => {
  const document = history("2026-11-21T09:00:00Z");
  expect(document.lump).toMatchObject({ id: "l", site: "calf" });
  expect(document.observations[0]).toMatchObject({ signs: { fever: true }, received_at: null });
  expect(document.care[0]).toMatchObject({ kind: "seen", on: "2026-11-20", confirmed: true });
});

test("a check dated ahead by a wrong clock counts as made now", () => {
  expect(history("2026-11-24T09:00:00Z").observations[0]?.received_at).toBe(now.toISOString());
});
