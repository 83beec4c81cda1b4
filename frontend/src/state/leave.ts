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
  await unsubscribe();
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await registration?.getNotifications()) ?? []) shown.close();
}

export async function subscribed(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker?.getRegistration();
  return (await registration?.pushManager?.getSubscription()) ?? null;
}

/** The server pushes no more to this browser, which stays ready for it; what comes back begins it again. */
export async function endPush(): Promise<() => Promise<void>> {
  const subscription = await subscribed().catch(() => null); // a browser that will not say has none
  if (!subscription) return async () => undefined;
  await server.unsubscribePush(subscription.endpoint).catch(() => undefined); // the server drops dead ones itself
  return async () => {
    await server.subscribePush(subscription.toJSON()).catch(() => undefined); // the next start does it
  };
}

/** This browser is not pushed to any more. By now the server was told, or will find out. */
export async function unsubscribe(): Promise<void> {
  await subscribed()
    .then((subscription) => subscription?.unsubscribe())
    .catch(() => undefined); // it was gone already
}
