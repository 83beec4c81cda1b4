import type { Assessment } from "../domain/assessment";
import type { Id } from "../domain/record";
import { api } from "./http";
import type { HelperLink, Me, Notice, Page, PushDevice, PushTrial, ShareAccess, ShareDraft, ShareLink, SyncAnswer, SyncOperation } from "./types";

export { accounts } from "./accounts";
export { fetchPicture, hasVisited } from "./http";
export { ApiError, type Problem } from "./problem";

/** Every route the app uses, each a line. */
export const server = {
  me: () => api<Me>("GET", "me/"),
  changeMe: (fields: Partial<Me>) => api<Me>("PATCH", "me/", fields),
  /** The number of the receipt. */
  eraseMe: () => api<string>("DELETE", "me/"),
  sync: (cursor: string | null, operations: SyncOperation[]) => api<SyncAnswer>("POST", "sync/", { cursor, operations }),
  putPhoto: (id: Id, form: FormData) => api<unknown>("PUT", `photos/${id}/`, form),
  assessment: (lump: Id) => api<Assessment>("GET", `lumps/${lump}/assessment/`),
  notices: () => api<Page<Notice>>("GET", "notifications/?page_size=100"),
  post: (path: string, body: object) => api<unknown>("POST", path, body),
  pushKey: () => api<{ key: string }>("GET", "push-subscriptions/key/"),
  pushDevices: () => api<PushDevice[]>("GET", "push-subscriptions/"),
  /** Whether this browser is one of the account's. */
  listensHere: async (endpoint: string) => (await api<PushDevice[]>("GET", `push-subscriptions/?endpoint=${encodeURIComponent(endpoint)}`)).length > 0,
  /** `agreed`: somebody has just pressed the button. Without it the server only renews what was agreed to before. */
  subscribePush: (subscription: object, agreed = false) => api<unknown>("PUT", "push-subscriptions/", agreed ? { ...subscription, agreed } : subscription),
  unsubscribePush: (endpoint: string) => api<null>("DELETE", `push-subscriptions/?endpoint=${encodeURIComponent(endpoint)}`),
  testPush: () => api<PushTrial[]>("POST", "push-subscriptions/test/", {}),
  shareLinks: () => api<Page<ShareLink>>("GET", "share-links/?page_size=200"),
  putShareLink: (id: Id, draft: ShareDraft) => api<ShareLink>("PUT", `share-links/${id}/`, draft),
  revokeShareLink: (id: Id) => api<null>("DELETE", `share-links/${id}/`),
  shareAccesses: (id: Id) => api<Page<ShareAccess>>("GET", `share-links/${id}/accesses/?page_size=200`),
  helperLinks: () => api<Page<HelperLink>>("GET", "helper-links/?page_size=50"),
  putHelperLink: (id: Id, lump: Id, like: Id | null) => api<HelperLink>("PUT", `helper-links/${id}/`, { lump, like }),
  endHelperLink: (id: Id) => api<null>("DELETE", `helper-links/${id}/`),
  keepHelped: (id: Id) => api<unknown>("POST", `helper-links/${id}/keep/`, {}),
};
export type Server = typeof server;
