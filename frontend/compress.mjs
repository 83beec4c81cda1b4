// Lays a Brotli and a gzip twin beside every built text file; WhiteNoise serves the smaller one that the browser reads.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = join(import.meta.dirname, "dist");

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(?:js|css|html|svg)$/.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const bytes = readFileSync(path);
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
  keep(`${path}.br`, brotliCompressSync(bytes, brotli), bytes);
  keep(`${path}.gz`, gzipSync(bytes, { level: 9 }), bytes);
}

/** Where it saves nothing there is no twin. */
function keep(path, packed, bytes) {
  if (packed.length < bytes.length) writeFileSync(path, packed);
}
