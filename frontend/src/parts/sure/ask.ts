import { mount, unmount } from "svelte";
import Sheet from "./Sheet.svelte";

/** Opens the sheet over whatever is on the screen; true once somebody proved who they are. The focus goes back after. */
export function ask(): Promise<boolean> {
  const before = document.activeElement;
  return new Promise((resolve) => {
    const sheet = mount(Sheet, {
      target: document.body,
      props: {
        onend: (sure: boolean) => {
          void unmount(sheet);
          if (before instanceof HTMLElement) before.focus();
          resolve(sure);
        },
      },
    });
  });
}
