import { Advice } from "./advice.svelte";
import { Drafts } from "./drafts";
import { Helping } from "./helping.svelte";
import { whenIdle } from "./idle";
import { Install } from "./install.svelte";
import { Locale } from "./locale.svelte";
import { Lock } from "./lock.svelte";
import { Notices } from "./notices.svelte";
import { Outbox } from "./outbox.svelte";
import { Pictures } from "./pictures.svelte";
import { Push } from "./push.svelte";
import { RecordBook } from "./record.svelte";
import { Session } from "./session.svelte";
import { Shares } from "./shares.svelte";
import { Update } from "./update.svelte";

/** The app's state, made once and wired together here; screens and parts import these and nothing below them. */
export const lock = new Lock();
const { db } = lock;
const tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel("tracker") : null;

/**
 * What waits is counted at once, or the screen would say that all has reached the server. The rest follows when the save
 * is confirmed; should the page go before that, the next start does it.
 */
const wrote = (): void => {
  void outbox.load();
  whenIdle(() => {
    tabs?.postMessage("wrote");
    outbox.flush();
    void install.persist();
  });
};

export const session: Session = new Session(
  db,
  () => {
    outbox.flush();
    if (session.me) void locale.follow(session.me);
    void push.renew();
  },
  (open) => lock.clear(open),
);
export const record: RecordBook = new RecordBook(db, wrote);
export const advice: Advice = new Advice(
  db,
  record,
  async (language, region) => (await import("../domain/judge")).loadJudge(language, region),
  {
    get language() {
      return locale.language;
    },
    get region() {
      return locale.region;
    },
  },
);
export const pictures = new Pictures(db);
export const notices = new Notices(db, wrote);
export const shares = new Shares(db);
export const helping: Helping = new Helping(() => {
  outbox.flush();
});
export const drafts = new Drafts(db);
lock.written = () => drafts.written();
export const locale: Locale = new Locale(db, async (choices) => {
  if (session.status !== "signed_in") throw new Error("nobody to tell");
  await session.changeMe(choices);
});
export const push = new Push(db, () => (session.status === "signed_in" ? (session.me?.id ?? null) : null));
export const install = new Install();
export const update = new Update();
export const outbox: Outbox = new Outbox(db, {
  signedIn: () => session.status === "signed_in",
  lost: () => {
    session.lost();
  },
  received,
  synced: async () => {
    await pictures.retry();
    await notices.refresh();
  },
});

/** After a sync: the screens show what came, and what only the server knows is asked for. */
async function received(): Promise<void> {
  await record.load();
  tabs?.postMessage("wrote");
}

const PATIENCE_MS = 3_000;

/** Reads what the phone holds, then speaks to the server. `onRead`: what the first screen says is here, or is locked away. */
export async function start(onRead = (): void => undefined): Promise<void> {
  lock.listen();
  install.listen();
  outbox.listen();
  push.listen();
  tabs?.addEventListener("message", () => void Promise.all([record.load(), outbox.load()]));
  // What the list shows comes first and alone; the rest would only stand in its way.
  // The record is asked for last and shows the list: all that stands on it is there by then, and it is drawn once.
  const shown = Promise.all([locale.load(), advice.load(), record.load()]);
  const loaded = shown.then(() => Promise.all([outbox.load(), notices.load(), shares.load()]));
  // Not before the first picture; but also while the app is locked, since pushes are shown without any data.
  void Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]).then(() => update.register());
  void lock.known.then(() => (lock.status === "open" ? shown : null)).then(onRead, onRead); // what failed is said by the screens
  await loaded;
  advice.follow();
  await session.start();
  if (session.me) await locale.follow(session.me);
  outbox.flush();
  await push.renew();
}
