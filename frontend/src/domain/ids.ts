/** UUIDv7: made on the phone, sorts by the time it was made, collides never in practice. */
export function newId(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let rest = now;
  for (let i = 5; i >= 0; i -= 1) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** When an id of `newId` was made, in milliseconds; null for ids of another make. */
export const madeAt = (id: string): number | null => (id[14] === "7" ? parseInt(id.replace("-", "").slice(0, 12), 16) : null);

/**
 * RFC 9562 version 5: the same name below the same id gives the same id on the phone and on the server. `null` on a page
 * that came by plain http from another machine: browsers keep `crypto.subtle` from those, and a random id would pass for
 * the server's while it is another, so the caller does without.
 */
export async function namedId(below: string, name: string): Promise<string | null> {
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (!subtle) return null;
  const space = Uint8Array.from(below.replaceAll("-", "").match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const text = new TextEncoder().encode(name);
  const digest = new Uint8Array(await subtle.digest("SHA-1", new Uint8Array([...space, ...text])));
  const bytes = digest.slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
