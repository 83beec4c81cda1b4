import { SvelteMap } from "svelte/reactivity";
import { extentOf, loaded, type Extent } from "../camera/pixels";

/** How large pictures are, each decoded once. What was asked is kept apart from what is known, so that none waits for another. */
export class Extents {
  #known = new SvelteMap<string, Extent>();
  #asked = new Set<string>();
  #measure: (url: string) => Promise<Extent>;

  constructor(measure: (url: string) => Promise<Extent> = async (url) => extentOf(await loaded(url))) {
    this.#measure = measure;
  }

  /** `null` while it is not known; it changes by itself. */
  of = (photo: string): Extent | null => this.#known.get(photo) ?? null;

  ask(photo: string, url: string): void {
    if (this.#asked.has(photo)) return;
    this.#asked.add(photo);
    void this.#measure(url).then(
      (extent) => this.#known.set(photo, extent),
      () => this.#asked.delete(photo),
    );
  }
}
