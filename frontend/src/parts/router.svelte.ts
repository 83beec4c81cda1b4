/** Where the app is: the hash, so that a reload, a shared address and the back button work offline too. */
const PLACES = ["lumps", "add", "check", "due", "open", "lump", "care", "advice", "rules", "you", "share", "data", "sign-in", "sign-up", "reset", "camera", "measure", "compare", "join", "security"] as const;
export type Place = (typeof PLACES)[number];
/** Addresses in mails and pushes: they name nothing that a stranger could read off them. */
const ALIASES: Record<string, Place> = { account: "sign-up", verify: "you" };

export interface Route {
  place: Place;
  id: string | null;
  /** Something of `id`: the check that is being completed. */
  part: string | null;
}

function read(hash: string): Route {
  const [first, second, third] = hash.replace(/^#?\/?/, "").split("/");
  const place = PLACES.find((known) => known === first) ?? ALIASES[first ?? ""] ?? "lumps";
  return { place, id: second ? decodeURIComponent(second) : null, part: third ?? null };
}

class Router {
  route = $state.raw<Route>(read(location.hash));
  /** How many pages of this app lie behind this one. */
  #steps = 0;
  #going: string | null = null;

  constructor() {
    addEventListener("hashchange", () => {
      const target = this.#going;
      this.#going = null;
      if (target) this.replace(target);
      else this.route = read(location.hash);
    });
    // Links count as steps too; typed addresses do not, and then "back" goes home.
    addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (link?.getAttribute("href")?.startsWith("#/")) this.#steps += 1;
    });
  }

  go(address: string): void {
    this.#steps += 1;
    location.hash = address;
  }

  /** Goes on without leaving this page in the history. */
  replace(address: string): void {
    history.replaceState(null, "", address);
    this.route = read(location.hash);
  }

  /** Leaves a form of `pages` pages for good: going back later does not lead into it. */
  finish(address: string, pages = 1): void {
    const behind = pages - 1;
    if (behind === 0 || this.#steps < behind) {
      this.replace(address);
      return;
    }
    this.#steps -= behind;
    this.#going = address;
    history.go(-behind);
  }

  /** One step back, or to `home` where the app was opened right here. */
  back(home = "#/"): void {
    if (this.#steps > 0) {
      this.#steps -= 1;
      history.back();
    } else this.replace(home);
  }
}

export const router = new Router();
