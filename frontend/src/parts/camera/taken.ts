import { made } from "../../photo/small";
import { Shot, UNMEASURED, type Measuring } from "../../photo/shot";
import { extentOf, loaded, type Extent } from "./pixels";

/** A picture that was just taken or chosen, small already, with its address for `<img src>`. */
export interface Taken extends Extent {
  url: string;
  bytes: ArrayBuffer;
  thumb: ArrayBuffer;
  measuring: Measuring;
  isCropped: boolean;
  /** By the live picture: then it was never anywhere but in this app. */
  isLive: boolean;
}

/** What this browser cannot show: it is sent as it is. */
export interface Unseen {
  file: File;
}

async function shown(bytes: ArrayBuffer, thumb: ArrayBuffer, isLive: boolean): Promise<Taken> {
  const url = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
  return { url, bytes, thumb, ...extentOf(await loaded(url)), measuring: UNMEASURED, isCropped: false, isLive };
}

export async function takenFrom(source: File | ImageBitmap): Promise<Taken | Unseen> {
  const drawn = await made(source);
  if (drawn) return shown(drawn.bytes, drawn.thumb, !(source instanceof File));
  if (source instanceof File) return { file: source };
  throw new Error("no picture");
}

/** The same picture with other pixels: what was cut off or blurred is nowhere any more. */
export async function redone(taken: Taken, pixels: Blob, measuring: Measuring, isCropped: boolean): Promise<Taken> {
  const drawn = await made(pixels);
  if (!drawn) throw new Error("no picture");
  URL.revokeObjectURL(taken.url);
  return { ...(await shown(drawn.bytes, drawn.thumb, taken.isLive)), measuring, isCropped: isCropped || taken.isCropped };
}

export const fileOf = (taken: Taken | Unseen): File =>
  "file" in taken ? taken.file : new Shot(taken.bytes, taken.thumb, taken.measuring);
