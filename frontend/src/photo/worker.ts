/** Makes pictures small beside the screen, so that nothing on it stands still meanwhile. */
import { redraw, type Redrawn } from "./redraw";

export interface Asked {
  id: number;
  /** A file, or a picture of the live camera, which is given away. */
  file: Blob | ImageBitmap;
}

export interface Answered {
  id: number;
  /** `null`: this browser cannot decode it. */
  drawn: Redrawn | null;
  /** The worker itself failed: the page does it then. */
  failed: boolean;
}

addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  void redraw(data.file)
    .then((drawn): Answered => ({ id: data.id, drawn, failed: false }))
    .catch((): Answered => ({ id: data.id, drawn: null, failed: true }))
    .then((answer) => postMessage(answer, answer.drawn ? { transfer: [answer.drawn.bytes, answer.drawn.thumb, answer.drawn.grey.data.buffer] } : {}));
});
