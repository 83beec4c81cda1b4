import type { Id, Level } from "./record";

/** Levels, most urgent first (contract section 2). */
export const LEVELS: readonly Level[] = ["emergency", "same_day", "next_day", "this_week", "routine", "watch"];

/** The higher, the more urgent. */
export const urgency = (level: Level): number => LEVELS.length - LEVELS.indexOf(level);

export interface Source {
  title: string;
  url: string;
  section?: string;
  accessed?: string;
}

export interface Finding {
  rule: string;
  version: number;
  level: Level;
  title: string;
  message: string;
  because: { fact: string; value: unknown; observations: Id[] }[];
  sources: Source[];
}

export interface Growth {
  state: "growing" | "stable" | "shrinking" | "too_few";
  probability_growing: number | null;
  change_mm: number | null;
  change_percent: number | null;
  doubling_days: { estimate: number | null; low: number | null; high: number | null } | null;
  since: string | null;
  confirm_by: string | null;
  measurements: number;
}

/** Earlier advice as the server tells of it: see docs/api.md. */
export interface ServerStanding {
  rule: string;
  version: number;
  level: Level;
  title: string;
  message: string;
  sources: Source[];
  since: string;
  why: "holds" | "unanswered" | "growth" | "not_contradicted";
  /** What would end it if each were answered later and did not alarm. */
  answers: string[];
}

export interface Assessment {
  lump: Id;
  at: string;
  level: Level;
  findings: Finding[];
  unknown: { rule: string; missing: string[] }[];
  growth: Growth;
  days_since_noticed: number | null;
  next_check_on: string | null;
  reassess_at: string | null;
  rulebook: string;
  /** The server's own additions; the phone works out its own (domain/standing, domain/urgent). */
  standing?: ServerStanding[];
  ask?: string[];
}
