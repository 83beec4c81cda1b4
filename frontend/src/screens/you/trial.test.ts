import { beforeAll, expect, test } from "vitest";
import { t, whole } from "../../texts";
import { becameOf, bestOf } from "./trial";

const sent = { outcome: "sent", code: "" };
const gone = { outcome: "gone", code: "push_410" };
const held = { outcome: "later", code: "service_held" };

beforeAll(() => whole());

test("a service that asked us to wait is said so, and not as a failure", () => {
  expect(becameOf(held)).toBe(t("reminders.held"));
  expect(becameOf({ outcome: "later", code: "push_429" })).toBe(t("reminders.held"));
  expect(becameOf({ outcome: "later", code: "push_503" })).toBe("Could not be delivered push_503");
  expect(t("reminders.held")).toContain("asked us to wait");
});

test("a test counts as sent only where something was handed over", () => {
  expect(bestOf([gone, sent])).toBe(t("push.test_sent"));
  expect(bestOf([gone])).toBe("Could not be delivered push_410");
  expect(bestOf([held])).toBe(t("reminders.held"));
  expect(bestOf([])).toBe(t("reminders.no_way"));
});
