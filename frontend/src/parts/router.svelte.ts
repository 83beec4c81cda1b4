/** Where the app is: the hash, so that a reload, a shared address and the back button work offline too. */
const PLACES = ["lumps", "add", "check", "lump", "care", "advice", "you", "account", "share", "sign-in", "sign-up", "reset"] as const;
export type Place = (typeof PLACES)[number];

export interface Route {
  place: Place;
  id: string | null;
}

function read(hash: string): Route {
  const [first, second] = hash.replace(/^#?\/?/, "").split("/");
  const place = PLACES.find((known) => known === first) ?? "lumps";
  return { place, id: second ? decodeURIComponent(second) : null };
}

class Router {
  route = $state.raw<Route>(read(location.hash));
  /** Whether there is a page of this app to go back to. */
  #steps = 0;

  constructor() {
    addEventListener("hashchange", () => {
      this.route = read(location.hash);
    });
  }

  go(address: string): void {
    this.#steps += 1;
    location.hash = address;
  }

  /** Goes on without leaving the page in the history: a saved form is not come back to. */
  replace(address: string): void {
    history.replaceState(null, "", address);
    this.route = read(location.hash);
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
