import { server } from "../api";
import type { PushDevice, PushTrial } from "../api/types";

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

  /** At every start and return: subscriptions die silently, so it is made again and sent again. */
  async renew(signedIn: boolean): Promise<void> {
    if (!this.supported) return;
    this.permission = Notification.permission;
    if (this.permission === "granted" && signedIn) await this.#subscribe().catch(() => undefined); // the next start tries again
  }

  /** From a button only. False when the person or the browser said no. */
  async enable(): Promise<boolean> {
    if (!this.supported) return false;
    this.permission = await Notification.requestPermission();
    if (this.permission !== "granted") return false;
    await this.#subscribe();
    return true;
  }

  async disable(): Promise<void> {
    const registration = await navigator.serviceWorker.ready;
    const subscription = await registration.pushManager.getSubscription();
    if (subscription) {
      await server.unsubscribePush(subscription.endpoint);
      await subscription.unsubscribe();
    }
    this.subscribed = false;
    await this.loadDevices();
  }

  /** Sends a notification to each of this account's devices and says what became of it. */
  async test(): Promise<PushTrial[]> {
    const trials = await server.testPush();
    await this.loadDevices();
    return trials;
  }

  /** A press on a notification while the app is open, and the browser's own renewal, come from the service worker. */
  listen(signedIn: () => boolean): void {
    if (!this.supported) return;
    navigator.serviceWorker.addEventListener("message", (event) => {
      const said = event.data as { navigate?: string; renew?: boolean };
      if (said.navigate) location.assign(said.navigate); // only the part after # differs: nothing is reloaded
      if (said.renew) void this.renew(signedIn());
    });
  }

  /** Which devices there are, and when something last reached each. */
  async loadDevices(): Promise<void> {
    this.devices = await server.pushDevices();
  }

  async #subscribe(): Promise<void> {
    const { pushManager } = await navigator.serviceWorker.ready;
    const { key } = await server.pushKey();
    const applicationServerKey = bytesOf(key);
    const old = await pushManager.getSubscription();
    const subscription = old && sameKey(old, applicationServerKey) ? old : await this.#renewed(pushManager, old, applicationServerKey);
    await server.subscribePush(subscription.toJSON());
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
