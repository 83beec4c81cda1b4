/**
 * Takes everything that is not picture out of a HEIC or AVIF file without decoding it: iPhones make them, and most browsers
 * cannot open them. Bytes are overwritten where they lie, so no address inside the file has to move.
 */

/** Codecs, and pictures that are put together from others. Any other item is where, when, or by whom. */
const PICTURES = new Set(["hvc1", "lhv1", "av01", "avc1", "jpeg", "grid", "iovl", "iden", "tmap"]);
/** What a decoder asks about a picture; all else that may be said about one is text or time. */
const PROPERTIES = new Set(
  ["hvcC", "lhvC", "av1C", "avcC", "jpgC", "ispe", "pixi", "colr", "irot", "imir", "clap", "pasp", "auxC", "clli", "mdcv", "lsel", "rloc", "oinf", "tols", "a1op", "a1lx"],
);
const OUTER = new Set(["ftyp", "meta", "mdat", "free", "skip"]);
const INNER = new Set(["hdlr", "pitm", "iinf", "iloc", "iprp", "iref", "idat", "grpl", "dinf", "free", "skip"]);
const BLANK = "skip";

interface Box {
  type: string;
  start: number;
  body: number;
  end: number;
}

/** The file is built in a way that this does not know: then nobody can say what is hidden in it. */
class Unknown extends Error {}

class Bytes {
  readonly view: DataView;
  readonly #all: Uint8Array;
  at = 0;

  constructor(buffer: ArrayBuffer) {
    this.view = new DataView(buffer);
    this.#all = new Uint8Array(buffer);
  }

  /** An unsigned number of so many bytes; of none it is 0. */
  number(size: number): number {
    let value = 0;
    for (let each = 0; each < size; each += 1) value = value * 256 + this.view.getUint8(this.at + each);
    this.at += size;
    return value;
  }

  text(at: number): string {
    return String.fromCharCode(...this.#all.subarray(at, at + 4));
  }

  name(at: number, type: string): void {
    for (let each = 0; each < 4; each += 1) this.view.setUint8(at + each, type.charCodeAt(each));
  }

  wipe(from: number, to: number): void {
    if (from > to || to > this.#all.length) throw new Unknown();
    this.#all.fill(0, from, to);
  }

  *boxes(from: number, to: number): Generator<Box> {
    for (let start = from; start < to; ) {
      this.at = start;
      const [size, type] = [this.number(4), this.text(start + 4)];
      this.at = start + 8;
      const long = size === 1 ? this.number(8) : size;
      const end = size === 0 ? to : start + long;
      if (end <= start || end > to) throw new Unknown();
      yield { type, start, body: size === 1 ? start + 16 : start + 8, end };
      start = end;
    }
  }

  blank({ start, body, end }: Box): void {
    this.wipe(body, end);
    this.name(start + 4, "free");
  }
}

/** A file that holds the pictures alone, or `null` where that cannot be made sure of. */
export function withoutMetadata(original: ArrayBuffer): ArrayBuffer | null {
  const bytes = new Bytes(original.slice(0));
  try {
    const boxes = [...bytes.boxes(0, original.byteLength)];
    const meta = boxes.find(({ type }) => type === "meta");
    if (boxes[0]?.type !== "ftyp" || !meta || boxes.some(({ type }) => type === "moov")) return null;
    for (const box of boxes) if (!OUTER.has(box.type)) bytes.blank(box);
    cleanMeta(bytes, meta);
  } catch (error) {
    if (error instanceof Unknown || error instanceof RangeError) return null;
    throw error;
  }
  return bytes.view.buffer as ArrayBuffer;
}

function cleanMeta(bytes: Bytes, meta: Box): void {
  const parts = [...bytes.boxes(meta.body + 4, meta.end)];
  const part = (type: string): Box | undefined => parts.find((box) => box.type === type);
  const [infos, places] = [part("iinf"), part("iloc")];
  if (!infos || !places) throw new Unknown();
  const hidden = renameItems(bytes, infos);
  for (const [from, to] of extentsOf(bytes, places, hidden, part("idat"))) bytes.wipe(from, to);
  for (const box of parts) if (!INNER.has(box.type)) bytes.blank(box);
  const properties = part("iprp");
  for (const holder of properties ? bytes.boxes(properties.body, properties.end) : [])
    if (holder.type === "ipco") for (const box of bytes.boxes(holder.body, holder.end)) if (!PROPERTIES.has(box.type)) bytes.blank(box);
}

/** Items that are no picture, by number; what they call themselves is gone afterwards. */
function renameItems(bytes: Bytes, infos: Box): Set<number> {
  bytes.at = infos.body;
  const first = infos.body + (bytes.number(1) === 0 ? 6 : 8);
  const hidden = new Set<number>();
  for (const { type, body, end } of bytes.boxes(first, infos.end)) {
    bytes.at = body;
    const version = bytes.number(1);
    if (type !== "infe" || version < 2) throw new Unknown();
    bytes.at = body + 4;
    const id = bytes.number(version === 2 ? 2 : 4);
    const kind = bytes.at + 2;
    if (PICTURES.has(bytes.text(kind))) continue;
    hidden.add(id);
    bytes.wipe(kind, end);
    bytes.name(kind, BLANK);
  }
  return hidden;
}

/** Where the bytes of these items lie. */
function extentsOf(bytes: Bytes, places: Box, hidden: ReadonlySet<number>, inside: Box | undefined): [number, number][] {
  bytes.at = places.body;
  const version = bytes.number(1);
  bytes.at = places.body + 4;
  const [sizes, more] = [bytes.number(1), bytes.number(1)];
  const [offsetSize, lengthSize, baseSize, indexSize] = [sizes >> 4, sizes & 15, more >> 4, version > 0 ? more & 15 : 0];
  const wide = version < 2 ? 2 : 4;
  const found: [number, number][] = [];
  for (let left = bytes.number(wide); left > 0; left -= 1) {
    const id = bytes.number(wide);
    const method = version > 0 ? bytes.number(2) & 15 : 0;
    const elsewhere = bytes.number(2);
    const base = bytes.number(baseSize);
    for (let extents = bytes.number(2); extents > 0; extents -= 1) {
      bytes.number(indexSize);
      const [from, length] = [base + bytes.number(offsetSize), bytes.number(lengthSize)];
      if (!hidden.has(id)) continue;
      if (elsewhere !== 0 || method > 1 || length === 0 || (method === 1 && !inside)) throw new Unknown();
      const origin = method === 1 ? (inside?.body ?? 0) : 0;
      found.push([origin + from, origin + from + length]);
    }
  }
  return found;
}
