import { findMarker, type Found, type Grey } from "../../domain/camera";

/** The sheet in a picture, or `null`; looked for in a worker where there are any. */
export function sheetIn(grey: Grey): Promise<Found | null> {
  if (typeof Worker === "undefined") return Promise.resolve(findMarker(grey));
  const worker = new Worker(new URL("./finder.ts", import.meta.url), { type: "module" });
  return new Promise<Found | null>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<Found | null>) => resolve(data);
    worker.onerror = () => resolve(findMarker(grey));
    worker.postMessage(grey);
  }).finally(() => worker.terminate());
}
