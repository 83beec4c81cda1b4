import type { Grey } from "../../domain/camera";
import { cleaned } from "../../photo/ready";
import { made } from "../../photo/small";
import { Shot, UNMEASURED, type Measuring } from "../../photo/shot";
import type { Redrawn } from "../../photo/redraw";
import type { Extent } from "./pixels";

/** A picture that was just taken or chosen, small already, with its address for `<img src>`. */
export interface Taken extends Extent {
  url: string;
  bytes: ArrayBuffer;
  thumb: ArrayBuffer;
  /** A small copy, to look at for hints. */
  grey: Grey;
  measuring: Measuring;
  isCropped: boolean;
  /** By the live picture: then it was never anywhere but in this app. */
  isLive: boolean;
}

/** What this browser cannot show: it is sent as it is, but for its hidden part. */
export interface Unseen {
  file: File;
}

/** It is there to be used at once; the browser opens it again for the screen in its own time. */
function shown(drawn: Redrawn, isLive: boolean): Taken {
  const url = URL.createObjectURL(new Blob([drawn.bytes], { type: "image/jpeg" }));
  return { url, ...drawn, measuring: UNMEASURED, isCropped: false, isLive };
}

export async function takenFrom(source: File | ImageBitmap): Promise<Taken | Unseen> {
  const drawn = await made(source);
  if (drawn) return shown(drawn, !(source instanceof File));
  if (source instanceof File) return { file: cleaned(await source.arrayBuffer(), source.type) };
  throw new Error("no picture");
}

/** The same picture with other pixels: what was cut off or blurred is nowhere any more. */
export async function redone(taken: Taken, pixels: Blob, measuring: Measuring, isCropped: boolean): Promise<Taken> {
  const drawn = await made(pixels);
  if (!drawn) throw new Error("no picture");
  URL.revokeObjectURL(taken.url);
  return { ...shown(drawn, taken.isLive), measuring, isCropped: isCropped || taken.isCropped };
}

export const fileOf = (taken: Taken | Unseen): File =>
  "file" in taken ? taken.file : new Shot(taken.bytes, taken.thumb, taken.measuring);
