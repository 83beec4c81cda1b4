/** One line at the bottom that says what happened, with Undo where it can be undone. */
interface Said {
  text: string;
  undo: (() => Promise<boolean>) | null;
}

const SHOWN_MS = 3_500;
const UNDO_MS = 7_500; // long enough to read, think and reach

class Toast {
  said = $state.raw<Said | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string, undo: Said["undo"] = null): void {
    clearTimeout(this.#timer);
    this.said = { text, undo };
    this.#timer = setTimeout(() => {
      this.said = null;
    }, undo ? UNDO_MS : SHOWN_MS);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.said = null;
  }
}

export const toast = new Toast();
