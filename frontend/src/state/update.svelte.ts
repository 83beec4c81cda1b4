/** A newer version of the app lies ready. It is taken by a press, never by itself: a half-filled form stays. */
export class Update {
  ready = $state(false);
  #waiting: ServiceWorker | null = null;

  async register(): Promise<void> {
    const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
    if (!container || import.meta.env.DEV) return;
    const registration = await container.register("/sw.js", { updateViaCache: "none" });
    this.#offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const coming = registration.installing;
      coming?.addEventListener("statechange", () => {
        if (coming.state === "installed" && container.controller) this.#offer(coming);
      });
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void registration.update().catch(() => undefined); // offline
    });
  }

  /** Switches to the new version and loads it. */
  take(): void {
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      location.reload();
    });
    this.#waiting?.postMessage("take-over");
  }

  #offer(worker: ServiceWorker | null): void {
    if (!worker) return;
    this.#waiting = worker;
    this.ready = true;
  }
}
