/** Who shares in a person's record, and invitations to. */
import type { Id, Role } from "../domain/record";
import { api } from "./http";
import type { Page } from "./types";

export interface Member {
  /** The account's. */
  id: Id;
  email: string;
  role: Role;
  /** Gets reminders and advice about this person. */
  told: boolean;
  since: string;
  is_me: boolean;
}

/** What its maker becomes once it is accepted. */
export type Afterwards = "logger" | "viewer" | "leave";

export interface InvitationDraft {
  person: Id;
  role: Role;
  told: boolean;
  label: string;
  afterwards: Afterwards | null;
}

export interface Invitation extends InvitationDraft {
  id: Id;
  created_at: string;
  expires_at: string;
  state: "open" | "accepted" | "over";
  /** Said once: in the answer that made it. */
  url?: string;
  code?: string;
}

/** What somebody would accept. `name` is empty where nobody gave one. */
export interface Look {
  name: string;
  colour: string;
  invited_by: string;
  role: Role;
  told: boolean | null;
  afterwards: Afterwards | "";
  expires_at: string;
}

export const members = {
  list: (person: Id) => api<{ results: Member[] }>("GET", `persons/${person}/members/`),
  change: (person: Id, member: Id, fields: Partial<Pick<Member, "role" | "told">>) => api<Member>("PATCH", `persons/${person}/members/${member}/`, fields),
  remove: (person: Id, member: Id) => api<null>("DELETE", `persons/${person}/members/${member}/`),
  invitations: () => api<Page<Invitation>>("GET", "invitations/?page_size=200"),
  invite: (id: Id, draft: InvitationDraft) => api<Invitation>("PUT", `invitations/${id}/`, draft),
  end: (id: Id) => api<null>("DELETE", `invitations/${id}/`),
  look: (secret: string) => api<Look>("POST", "invitations/look/", { secret }),
  accept: (secret: string) => api<{ person: Id; role: Role }>("POST", "invitations/accept/", { secret }),
};
