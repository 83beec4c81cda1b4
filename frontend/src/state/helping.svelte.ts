import { server } from "../api";
import type { HelperLink } from "../api/types";
import { newId } from "../domain/ids";
import type { Id } from "../domain/record";

/** Links for helpers, and the photos that came by them. They last an hour, so nothing of them is kept on this phone. */
export class Helping {
  links = $state.raw<HelperLink[]>([]);
  readonly arrived: HelperLink[] = $derived(this.links.filter((link) => link.state === "arrived"));

  #kept: () => void;

  /** `kept`: a photo became part of the record on the server. */
  constructor(kept: () => void) {
    this.#kept = kept;
  }

  async refresh(): Promise<void> {
    const { results } = await server.helperLinks();
    const known = new Map(this.links.map((link) => [link.id, link]));
    this.links = results.map((link) => ({ ...known.get(link.id), ...link }));
  }

  /** `like`: the picture that the helper sees. */
  async create(lump: Id, like: Id | null): Promise<void> {
    const link = await server.putHelperLink(newId(), lump, like);
    this.links = [link, ...this.links];
  }

  async keep(id: Id): Promise<void> {
    await server.keepHelped(id);
    this.#kept();
    await this.refresh();
  }

  /** Ends the link; a photo that waits is forgotten. */
  async end(id: Id): Promise<void> {
    await server.endHelperLink(id);
    await this.refresh();
  }
}
