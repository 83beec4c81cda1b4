import { ApiError, server } from "../api";
import type { PushDevice, PushTrial } from "../api/types";
import type { Id } from "../domain/record";
import type { Database } from "../store/db";
import { subscribed, unsubscribe } from "./leave";

/** What was chosen on this phone, and by which account; it goes with everything else at sign-out. */
interface Choice {
  account: Id;
  on: boolean;
}
const CHOICE = "push";

const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> => {
  const base64 = base64url.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
};

/** iPhones and iPads give push to installed apps only; iPads call themselves Macs. */
export const isAppleTouch = (agent: string, touchPoints: number): boolean =>
  /iPhone|iPad|iPod/.test(agent) || (agent.includes("Macintosh") && touchPoints > 1);

export const isInstalled = (): boolean =>
  matchMedia("(display-mode: standalone)").matches || (navigator as { standalone?: boolean }).standalone === true;

/** Being told outside the app. Asked for by a button after the first check, never at load. */
export class Push {
  permission = $state<NotificationPermission>("default");
  subscribed = $state(false);
  devices = $state.raw<PushDevice[]>([]);
  readonly supported = "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;
  /** On an iPhone the app has to be on the home screen first: say how. */
  readonly needsInstall = !isInstalled() && isAppleTouch(navigator.userAgent, navigator.maxTouchPoints);

  #db: Promise<Database>;
  #account: () => Id | null;

  /** `account`: who is signed in. */
  constructor(db: Promise<Database>, account: () => Id | null) {
    this.#db = db;
    this.#account = account;
  }

  /**
   * At every start and return: subscriptions die silently, so it is made again and sent again. Only where this account
   * turned it on here and nobody has taken that back: that the browser allows it says nothing of who sits here.
   */
  async renew(): Promise<void> {
    if (!this.supported) return;
    this.permission = Notification.permission;
    try {
      if (this.permission === "granted" && (await this.#isWanted())) await this.#subscribe();
      else this.subscribed = false;
    } catch (error) {
      if (error instanceof ApiError && error.code === "push_not_agreed") await this.ended(); // else the next start tries again
    }
  }

  /** From a button only. False when the person or the browser said no. */
  async enable(): Promise<boolean> {
    if (!this.supported) return false;
    this.permission = await Notification.requestPermission();
    if (this.permission !== "granted") return false;
    await this.#subscribe(true);
    await this.#choose(true);
    return true;
  }

  /** Holds without a network too: the browser listens no more, and the server drops what does not answer. */
  async disable(): Promise<void> {
    await this.#choose(false);
    const subscription = await subscribed();
    if (subscription) await server.unsubscribePush(subscription.endpoint).catch(() => undefined); // see above
    await this.ended();
    await this.loadDevices().catch(() => undefined); // only for show
  }

  /** It was taken back, here or on another phone, and the server knows. */
  async ended(): Promise<void> {
    this.subscribed = false;
    await this.#choose(false);
    await unsubscribe();
  }

  /** Sends a notification to each of this account's devices and says what became of it. */
  async test(): Promise<PushTrial[]> {
    const trials = await server.testPush();
    await this.loadDevices();
    return trials;
  }

  /** A press on a notification while the app is open, and the browser's own renewal, come from the service worker. */
  listen(): void {
    if (!this.supported) return;
    navigator.serviceWorker.addEventListener("message", (event) => {
      const said = event.data as { navigate?: string; renew?: boolean };
      if (said.navigate) location.assign(said.navigate); // only the part after # differs: nothing is reloaded
      if (said.renew) void this.renew();
    });
  }

  /** Which devices there are, and when something last reached each. */
  async loadDevices(): Promise<void> {
    this.devices = await server.pushDevices();
  }

  /** Who turned it on before the phone kept that is still on the server's list. */
  async #isWanted(): Promise<boolean> {
    const account = this.#account();
    if (!account) return false;
    const choice = (await (await this.#db).get("meta", CHOICE)) as Choice | undefined;
    if (choice?.account === account) return choice.on;
    const subscription = await subscribed();
    if (!subscription || !(await server.listensHere(subscription.endpoint))) return false;
    await this.#choose(true);
    return true;
  }

  async #choose(on: boolean): Promise<void> {
    const account = this.#account();
    if (account) await (await this.#db).put("meta", { account, on } satisfies Choice, CHOICE);
  }

  async #subscribe(agreed = false): Promise<void> {
    const { pushManager } = await navigator.serviceWorker.ready;
    const { key } = await server.pushKey();
    const applicationServerKey = bytesOf(key);
    const old = await pushManager.getSubscription();
    const subscription = old && sameKey(old, applicationServerKey) ? old : await this.#renewed(pushManager, old, applicationServerKey);
    await server.subscribePush(subscription.toJSON(), agreed);
    this.subscribed = true;
    await this.loadDevices().catch(() => undefined); // only for show
  }

  /** A subscription made for another server key can never be delivered to. */
  async #renewed(manager: PushManager, old: PushSubscription | null, key: Uint8Array<ArrayBuffer>): Promise<PushSubscription> {
    await old?.unsubscribe();
    return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  }
}

function sameKey(subscription: PushSubscription, key: Uint8Array): boolean {
  const used = subscription.options?.applicationServerKey;
  if (!used) return true; // not told: believe it
  const bytes = new Uint8Array(used);
  return bytes.length === key.length && bytes.every((byte, i) => byte === key[i]);
}
