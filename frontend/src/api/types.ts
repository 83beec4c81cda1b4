import type { Fields } from "../domain/fields";
import type { Id, Level, RecordType } from "../domain/record";
import type { Unit } from "../domain/units";
import type { Problem } from "./problem";

export interface Page<T> {
  next: string | null;
  previous: string | null;
  results: T[];
}

export interface Me {
  id: Id;
  email: string;
  email_verified: boolean;
  time_zone: string;
  language: string;
  units: Unit;
  quiet_from: string | null;
  quiet_to: string | null;
  channels: { email: boolean; push: boolean };
  /** Are reminders to check mailed, too? One click in such a mail says no; other mails go on. */
  reminder_mails?: boolean;
  /** Which ways can reach this person at all, and for the others why not ("no_mail_server", "no_device", …). */
  reachable: { email: boolean; push: boolean };
  unreachable_because: Partial<Record<"email" | "push", string>>;
}

export interface SyncOperation {
  op_id: Id;
  type: RecordType;
  id: Id;
  base_rev: number;
  fields?: Fields;
  deleted?: true;
}

export interface SyncResult {
  op_id: Id;
  status: "applied" | "merged" | "unchanged" | "rejected";
  rev?: number | null;
  error?: Partial<Problem> | null;
  conflicts?: Record<string, { kept: unknown; other: unknown }> | null;
}

export interface SyncChange {
  type: RecordType;
  id: Id;
  rev: number;
  fields?: Fields;
  deleted?: boolean;
}

export interface SyncAnswer {
  results: SyncResult[];
  changes: SyncChange[];
  cursor: string;
  more: boolean;
}

export interface Notice {
  id: Id;
  person: Id;
  lump: Id;
  kind: string;
  level: Level;
  step: string | number;
  channel: string;
  state: "waiting" | "leased" | "sent" | "written" | "failed" | "cancelled";
  due_at: string;
  sent_at: string | null;
  acknowledged_at: string | null;
  answer: string | null;
}

export interface PushDevice {
  endpoint_host: string;
  device: string;
  last_delivered_at: string | null;
  state: string;
}

/** What became of a trial message to one device. */
export interface PushTrial {
  endpoint_host: string;
  outcome: string;
  code: string;
}

export interface ShareDraft {
  lumps: Id[];
  photos?: boolean;
  intimate_photos?: boolean;
  label?: string;
  expires_at?: string;
  passcode?: string | null;
  max_openings?: number | null;
  write_back?: boolean;
  names?: boolean;
}

export interface ShareLink {
  id: Id;
  lumps: Id[];
  photos: boolean;
  intimate_photos: boolean;
  label: string;
  created_at: string;
  expires_at: string;
  revoked_at: string | null;
  has_passcode: boolean;
  passcode_tries_left: number;
  openings: number;
  max_openings: number | null;
  write_back: boolean;
  names: boolean;
  /** Only in the first answer; this phone keeps these two until it ends, to show the QR code again. */
  url?: string | undefined;
  code?: string | undefined;
  /** Only in the first answer, and kept nowhere. */
  passcode?: string | null | undefined;
}

/** A link for somebody else's phone, to take one photo. `url` and `code` only in the first answer. */
export interface HelperLink {
  id: Id;
  lump: Id;
  like: Id | null;
  expires_at: string;
  taken_at: string | null;
  state: "open" | "over" | "arrived" | "kept" | "refused";
  url?: string;
  code?: string;
}

export interface ShareAccess {
  at: string;
  what: string;
  recipient: string;
  reader: string;
}
