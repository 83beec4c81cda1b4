import { expect, test } from "vitest";
import type { Episode, Step } from "../../api/followup";
import { nextOf } from "./steps";

const step = (state: Step["state"], due_at: string): Step => ({
  step: 1, channel: "push", state, why: "found", due_at, sent_at: null, can_stop: true, notification: null, acknowledged_at: null,
});
const episode = (...steps: Step[]): Episode => ({
  id: "e", lump: "l", kind: "seek_care", level: "this_week", title: "", booked_on: null, asks: null, told_with: null, steps,
});

test("what comes next is the first that nobody has stopped, whatever it is about", () => {
  const sent = step("sent", "2026-11-01T18:00:00Z");
  const stopped = step("stopped", "2026-11-02T18:00:00Z");
  const later = step("planned", "2026-11-04T18:00:00Z");
  const first = step("waiting", "2026-11-03T18:00:00Z");
  expect(nextOf([episode(sent, stopped, later), episode(first)])).toBe(first);
  expect(nextOf([episode(sent, stopped)])).toBeNull();
});
