/** What is taken out, brought in, was erased, and is kept. */
import { api } from "./http";

export type MovingState = "waiting" | "working" | "ready" | "failed";

export interface Export {
  id: string;
  state: MovingState;
  done: number;
  /** Null while it is not counted yet. */
  total: number | null;
  created_at: string;
  expires_at: string;
  size_bytes: number;
  code: string;
}

export type Kind = "person" | "lump" | "observation" | "care" | "photo";
export type Status = "new" | "same" | "different" | "restored";

export interface Counts extends Record<Status, number> {
  by_kind: Record<Kind, Record<Status, number>>;
  problems: { where: string; code: string; message: string; fields: Record<string, string[]> }[];
  more_problems: number;
  questions: { name: "date_order" | "unit" | "person"; choices: string[]; example: string }[];
}

export interface Import extends Counts {
  id: string;
  state: MovingState;
  done: number;
  total: number | null;
  created_at: string;
  code: string;
}

/** Answers to what a file leaves open, and which word holds. */
export type Choices = Partial<Record<"different" | "deleted" | "date_order" | "unit" | "person", string>>;

export interface Erasure {
  id: string;
  kind: Kind | "account";
  at: string;
  counts: Record<string, number>;
}

export interface Kept {
  name: string;
  what: string;
  why: string;
  until: "erased_thing" | "erased_person" | "erased_account" | "ended" | "days";
  days: number | null;
  /** Table → fields. */
  stored: Record<string, string[]>;
}

function form(file: File, choices: Choices): FormData {
  const sent = new FormData();
  for (const [name, value] of Object.entries(choices)) sent.set(name, value);
  sent.set("file", file);
  return sent;
}

export const data = {
  exports: () => api<Export[]>("GET", "export/"),
  askForExport: () => api<Export>("POST", "export/", {}),
  dropExport: (id: string) => api<null>("DELETE", `export/${id}/`),
  /** Refused as the file itself would be, but in words: a link that is followed can ask nothing. */
  mayFetch: (id: string) => api<Export>("GET", `export/${id}/?fetch=true`),
  /** An address for a link: the browser itself fetches it. */
  exportFile: (id: string) => `/api/v1/export/${id}/file/`,
  template: "/api/v1/import/template/",
  lookAt: (file: File, choices: Choices) => api<Counts>("POST", "import/?preview=1", form(file, choices)),
  bringIn: (file: File, choices: Choices) => api<Import>("POST", "import/", form(file, choices)),
  imported: (id: string) => api<Import>("GET", `import/${id}/`),
  erasures: (path: string | null) => api<{ next: string | null; results: Erasure[] }>("GET", path ?? "erasures/"),
  /** Of an account that is gone: open to whoever holds the number. */
  erasure: (id: string) => api<Erasure>("GET", `erasures/${id}/`),
  kept: () => api<Kept[]>("GET", "retention/"),
};
