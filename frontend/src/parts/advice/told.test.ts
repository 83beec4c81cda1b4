import { expect, test } from "vitest";
import type { Notice } from "../../api/types";
import { whole } from "../../texts";
import { howTold, openAdvice } from "./told";

const told: Notice = {
  id: "n1",
  person: "p",
  lump: "l",
  kind: "seek_care",
  level: "this_week",
  step: 0,
  channel: "push",
  state: "sent",
  due_at: "2026-09-21T09:00:00Z",
  sent_at: "2026-09-21T09:00:05Z",
  acknowledged_at: null,
  answer: null,
};

test("an answer to advice is never given to the reminder of a check", () => {
  expect(openAdvice([{ ...told, id: "n2", kind: "check_due" }, told])).toEqual([told]);
});

test("what was answered, called off or is still to come asks for nothing", () => {
  const answered = { ...told, acknowledged_at: "2026-09-22T09:00:00Z" };
  const off: Notice = { ...told, state: "cancelled" };
  const ahead: Notice = { ...told, state: "waiting", due_at: "2999-01-01T09:00:00Z" };
  expect(openAdvice([answered, off, ahead])).toEqual([]);
});

test("a way that is neither push nor mail is named as what it is", async () => {
  await whole();
  expect(howTold({ ...told, channel: "email" })).toBe("Told by email");
  expect(howTold({ ...told, channel: "ntfy" })).toBe("Told by ntfy");
  expect(howTold({ ...told, channel: "contact" })).toBe("Told by email to your trusted contact");
});
