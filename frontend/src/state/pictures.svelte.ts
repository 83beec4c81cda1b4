import { SvelteMap } from "svelte/reactivity";
import { fetchPicture } from "../api";
import type { Id } from "../domain/record";
import type { Database } from "../store/db";

/** A server that is busy, or has not made the small form yet, is asked again; then not before the next sync. */
const AGAIN_MS = [2_000, 8_000, 30_000];

/** Addresses of pictures to put into `<img src>`: from this phone where it has them, else fetched once and kept. */
export class Pictures {
  #db: Promise<Database>;
  #urls = new SvelteMap<string, string | null>();
  #asked = new Set<string>();

  constructor(db: Promise<Database>) {
    this.#db = db;
  }

  /** `null` while there is nothing to show yet; it changes by itself when there is. */
  thumb = (photo: Id): string | null => this.#url(photo, "thumb");
  large = (photo: Id): string | null => this.#url(photo, "large");

  /** Asks again for what did not come, and gives back the memory of photos that are gone; after a sync. */
  async retry(): Promise<void> {
    for (const key of this.#asked) if (!this.#urls.get(key)) this.#asked.delete(key);
    for (const key of [...this.#urls.keys()]) if (this.#urls.get(key) === null) this.#urls.delete(key);
    await this.#letGo();
  }

  async #letGo(): Promise<void> {
    const kept = new Set(await (await this.#db).getAllKeysFromIndex("records", "type", "photo"));
    for (const [key, url] of [...this.#urls]) {
      if (kept.has(key.slice(0, key.indexOf("/")))) continue;
      if (url) URL.revokeObjectURL(url);
      this.#urls.delete(key);
      this.#asked.delete(key);
    }
  }

  #url(photo: Id, size: "thumb" | "large"): string | null {
    const key = `${photo}/${size}`;
    const url = this.#urls.get(key); // read first: the caller depends on it from here on
    if (url === undefined && !this.#asked.has(key)) {
      this.#asked.add(key);
      void this.#seek(photo, size);
    }
    return url ?? null;
  }

  async #seek(photo: Id, size: "thumb" | "large", tries = 0): Promise<void> {
    const key = `${photo}/${size}`;
    const found = await this.#find(photo, size);
    this.#urls.set(key, found);
    const wait = AGAIN_MS[tries];
    if (found || wait === undefined) return;
    setTimeout(() => {
      if (this.#urls.get(key) === null) void this.#seek(photo, size, tries + 1); // a sync may have asked meanwhile
    }, wait);
  }

  async #find(photo: Id, size: "thumb" | "large"): Promise<string | null> {
    const db = await this.#db;
    const kept = await db.get("pictures", photo);
    if (kept && size === "large" && kept.bytes) return asUrl(kept.bytes, kept.type);
    if (kept && size === "thumb" && kept.thumb) return asUrl(kept.thumb, "image/jpeg");
    const fetched = await fetchPicture(`photos/${photo}/${size}/`);
    if (!fetched) return null;
    if (size === "thumb") await this.#keepThumb(photo, fetched.bytes);
    return asUrl(fetched.bytes, fetched.type);
  }

  /** Thumbnails stay, so that the list looks the same offline. */
  async #keepThumb(photo: Id, thumb: ArrayBuffer): Promise<void> {
    const db = await this.#db;
    const row = await db.get("records", photo);
    if (row?.type !== "photo") return;
    const { observation, taken_at, sha256 } = row.shown as { observation: Id; taken_at: string | null; sha256: string | null };
    const old = await db.get("pictures", photo);
    const blank = { id: photo, observation, taken_at: taken_at ?? "", type: "image/jpeg", bytes: null, sha256, state: "sent" as const, problem: null };
    await db.put("pictures", { ...blank, ...old, thumb });
  }
}

const asUrl = (bytes: ArrayBuffer, type: string): string => URL.createObjectURL(new Blob([bytes], { type }));
