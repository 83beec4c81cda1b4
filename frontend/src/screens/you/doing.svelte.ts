import { problemText } from "../../parts/problem";
import { TurnedAway, whenSure } from "../../parts/sure";
import { toast } from "../../parts/toast.svelte";

/** One press after the other: what is under way, and what went wrong, for a form or card to show. */
export class Doing {
  working = $state(false);
  problem = $state("");

  constructor(private readonly words: (error: unknown) => string = problemText) {}

  /** True where it was done. Asks who this is where the server wants to know; closing that sheet is no problem. */
  async do(what: () => Promise<unknown>, done = "", ask: typeof whenSure = whenSure): Promise<boolean> {
    if (this.working) return false;
    this.working = true;
    this.problem = "";
    try {
      await ask(what);
      if (done) toast.say(done);
      return true;
    } catch (error) {
      this.problem = error instanceof TurnedAway ? "" : this.words(error);
      return false;
    } finally {
      this.working = false;
    }
  }
}
