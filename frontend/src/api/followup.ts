/** What was told and what is planned, whether it arrives, and who else may be told: asked for by later screens only. */
import type { Id, Level } from "../domain/record";
import { api } from "./http";
import type { Page } from "./types";

export interface Step {
  step: number;
  channel: string;
  state: "planned" | "stopped" | "waiting" | "leased" | "sent" | "written" | "failed" | "cancelled";
  why: "found" | "due" | "overdue" | "unanswered" | "booked" | "unopened" | "contact";
  due_at: string;
  sent_at: string | null;
  can_stop: boolean;
  notification: Id | null;
  acknowledged_at: string | null;
}

/** One finding that stands, or the reminder to check. */
export interface Episode {
  id: Id;
  lump: Id;
  kind: "seek_care" | "check_due";
  level: Level;
  title: string;
  booked_on: string | null;
  asks: "seen" | null;
  told_with: Id | null;
  steps: Step[];
}

export interface ReminderTest {
  at: string;
  arrived: boolean | null;
  outcomes: { channel: string; device: string; outcome: string; code: string }[];
}

export interface Reminders {
  checked_at: string | null;
  is_late: boolean;
  test_due: boolean;
  test: ReminderTest | null;
}

export interface Contact {
  contact: {
    name: string;
    email: string;
    state: "not_asked" | "asked" | "agreed" | "stopped" | "returned";
    text: string;
    asked_at: string | null;
    agreed_at: string | null;
  } | null;
  words: { version: string; title: string; text: string };
  reachable: boolean;
}

export const followUp = {
  episodes: (lump: Id) => api<Page<Episode>>("GET", `episodes/?lump=${lump}&open=true`),
  stopStep: (episode: Id, step: number, channel: string) => api<unknown>("POST", `episodes/${episode}/stop/`, { step, channel }),
  reminders: () => api<Reminders>("GET", "reminders/"),
  testReminders: () => api<Reminders>("POST", "reminders/test/", {}),
  testArrived: (arrived: boolean) => api<Reminders>("POST", "reminders/test/arrived/", { arrived }),
  contact: () => api<Contact>("GET", "trusted-contact/"),
  nameContact: (contact: { name: string; email: string; words: string }) => api<Contact>("PUT", "trusted-contact/", contact),
  dropContact: () => api<null>("DELETE", "trusted-contact/"),
};
