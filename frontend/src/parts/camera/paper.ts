import { paperIn, type Grey, type Point } from "../../domain/camera";

let worker: Worker | null = null;

/** Where the sheet lies in a small picture; looked for in a worker, which stays for the next one. */
export function paperBeside(grey: Grey): Promise<readonly Point[] | null> {
  if (typeof Worker === "undefined") return Promise.resolve(paperIn(grey));
  const mine = (worker ??= new Worker(new URL("./paper-worker.ts", import.meta.url), { type: "module" }));
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const answer = (paper: readonly Point[] | null): void => {
      port1.close();
      mine.removeEventListener("error", fail);
      resolve(paper);
    };
    const fail = (): void => {
      if (worker === mine) worker = null;
      answer(paperIn(grey));
    };
    port1.onmessage = ({ data }: MessageEvent<readonly Point[] | null>) => answer(data);
    mine.addEventListener("error", fail);
    mine.postMessage(grey, [port2]);
  });
}
