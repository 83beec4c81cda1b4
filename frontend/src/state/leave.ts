import type { Database } from "../store/db";
import { server } from "../api";

/** Entries that only this phone has. Counted without reading what they say, so also while the app is locked. */
export const unsentOf = async (db: Database): Promise<number> =>
  (await db.count("outbox")) + (await db.count("errands")) + (await db.countFromIndex("pictures", "state", "waiting"));

/** What lies outside the database: the phone's choices go, the built app stays, since that says nothing of anybody. */
export async function forgetPhone(): Promise<void> {
  const language = localStorage.getItem("language");
  localStorage.clear();
  sessionStorage.clear();
  if (language) localStorage.setItem("language", language);
  await unsubscribe().catch(() => undefined); // the server drops dead ones itself
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await registration?.getNotifications()) ?? []) shown.close();
}

/** This browser is not pushed to any more. */
export async function unsubscribe(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const subscription = await registration?.pushManager?.getSubscription();
  if (!subscription) return;
  await server.unsubscribePush(subscription.endpoint).catch(() => undefined); // as above
  await subscription.unsubscribe();
}
