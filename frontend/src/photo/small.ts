import { redraw, type Redrawn } from "./redraw";
import type { Answered } from "./worker";

/** How long a worker may stay silent before the page does the work itself. */
const SILENCE_MS = 20_000;

const hasWorkers = typeof Worker !== "undefined" && typeof OffscreenCanvas !== "undefined";
let worker: Worker | null = null;
let asked = 0;

function started(): Worker {
  if (worker) return worker;
  const fresh = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  fresh.addEventListener("error", () => {
    if (worker === fresh) worker = null;
  });
  return (worker = fresh);
}

/** Starts what makes pictures small before there is one: it takes as long as much of the work. */
export function prepare(): void {
  if (hasWorkers) started();
}

function ask(file: Blob | ImageBitmap): Promise<Answered> {
  const [mine, id] = [started(), (asked += 1)];
  return new Promise((resolve) => {
    const answer = (answered: Answered): void => {
      clearTimeout(silence);
      mine.removeEventListener("message", heard);
      mine.removeEventListener("error", fail);
      resolve(answered);
    };
    const heard = ({ data }: MessageEvent<Answered>): void => {
      if (data.id === id) answer(data);
    };
    const fail = (): void => {
      if (worker === mine) worker = null;
      answer({ id, drawn: null, failed: true });
    };
    const silence = setTimeout(fail, SILENCE_MS);
    mine.addEventListener("message", heard);
    mine.addEventListener("error", fail);
    mine.postMessage({ id, file }); // a bitmap is copied: should the worker fail, the page still has it
  });
}

/** Upright, at most 2048 pixels long and with nothing but its pixels; `null` where this browser cannot decode it. */
export async function made(file: Blob | ImageBitmap): Promise<Redrawn | null> {
  if (!hasWorkers) return redraw(file);
  const start = performance.now();
  const { drawn, failed } = await ask(file);
  performance.measure("made small", { start }); // for tests/e2e/test_camera_speed.py
  if (failed) return redraw(file);
  if ("close" in file) file.close();
  return drawn;
}
