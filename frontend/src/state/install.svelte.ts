import { isAppleTouch, isInstalled } from "./push.svelte";

/** Not in TypeScript's library: Chromium's offer to install. */
interface InstallEvent extends Event {
  prompt(): Promise<void>;
  userChoice: Promise<{ outcome: "accepted" | "dismissed" }>;
}

/** Putting the app on the home screen: by the browser's own dialogue where there is one, by words elsewhere. */
export class Install {
  installed = $state(isInstalled());
  /** The browser will show its dialogue when `install()` is called. */
  available = $state(false);
  /** Whether the browser promised not to clear the record under pressure; `null` until asked. */
  persisted = $state<boolean | null>(null);
  /** Say how by hand: Share, then "Add to Home Screen". */
  readonly byHand = isAppleTouch(navigator.userAgent, navigator.maxTouchPoints);
  #event: InstallEvent | null = null;

  listen(): void {
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      this.#event = event as InstallEvent;
      this.available = true;
    });
    addEventListener("appinstalled", () => {
      this.installed = true;
      this.available = false;
    });
  }

  /** Asked after the first entry. A browser may say no, and nothing depends on it. */
  async persist(): Promise<void> {
    if (this.persisted) return;
    this.persisted = (await navigator.storage?.persist?.().catch(() => false)) ?? false;
  }

  async install(): Promise<boolean> {
    const event = this.#event;
    if (!event) return false;
    await event.prompt();
    this.#event = null;
    this.available = false;
    return (await event.userChoice).outcome === "accepted";
  }
}
