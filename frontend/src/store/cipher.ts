/** Turns a value into bytes that say nothing without the key, and back. Plain functions: no database, no state. */

/** What lies in the database in the place of what it means. Each has a nonce of its own, so it also names this writing. */
export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];
const BUFFER = "\u0000buffer"; // no key of ours begins like that

const isBuffer = (value: unknown): value is ArrayBuffer => Object.prototype.toString.call(value) === "[object ArrayBuffer]";

/** JSON with the buffers behind it: base64 would make every picture a third larger. */
function packed(value: unknown): Uint8Array<ArrayBuffer> {
  const buffers: ArrayBuffer[] = [];
  const json = encoder.encode(
    JSON.stringify(value, (_, part: unknown) => (isBuffer(part) ? { [BUFFER]: buffers.push(part) - 1, size: part.byteLength } : part)),
  );
  const size = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 4 + json.length);
  const all = new Uint8Array(size);
  new DataView(all.buffer).setUint32(0, json.length);
  all.set(json, 4);
  let at = 4 + json.length;
  for (const buffer of buffers) {
    all.set(new Uint8Array(buffer), at);
    at += buffer.byteLength;
  }
  return all;
}

function unpacked(all: ArrayBuffer): unknown {
  const length = new DataView(all).getUint32(0);
  let at = 4 + length;
  const text = decoder.decode(new Uint8Array(all, 4, length));
  if (!text.includes("\\u0000buffer")) return JSON.parse(text);
  return JSON.parse(text, (_, part: unknown) => {
    if (part === null || typeof part !== "object" || !(BUFFER in part)) return part;
    const { size } = part as unknown as { size: number };
    at += size;
    return all.slice(at - size, at);
  });
}

/** `about` says what it is (store and name), so that one row cannot be put in the place of another. */
export async function seal(key: CryptoKey, value: unknown, about: string): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(about) }, key, packed(value));
  return { iv, data };
}

/** Rejects where the key or the place is another one. */
export async function open(key: CryptoKey, { iv, data }: Sealed, about: string): Promise<unknown> {
  return unpacked(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(about) }, key, data));
}
