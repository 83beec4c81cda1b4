// A record system that knows SMART Health Links and nothing of us: Node's own fetch and WebCrypto. It asks the manifest
// with a recipient and a passcode, fetches what lies elsewhere, decrypts, and prints {"status", "answer", "files"}.
// Usage: node record_system.mjs LINK PASSCODE [EMBEDDED_LENGTH_MAX]
const [link, passcode, embeddedMost] = process.argv.slice(2);

const bytes = (text) => Buffer.from(text, "base64url");

const payloadOf = (text) => JSON.parse(bytes(text.slice(text.indexOf("shlink:/") + "shlink:/".length)).toString());

async function inflated(data) {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function opened(jwe, key) {
  const [protectedHeader, encryptedKey, iv, ciphertext, tag, ...more] = jwe.split(".");
  const header = JSON.parse(bytes(protectedHeader).toString());
  if (encryptedKey !== "" || more.length || header.alg !== "dir" || header.enc !== "A256GCM") throw new Error("not such a JWE");
  const secret = await crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["decrypt"]);
  const plain = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: bytes(iv), additionalData: Buffer.from(protectedHeader, "ascii"), tagLength: 128 },
    secret,
    Buffer.concat([bytes(ciphertext), bytes(tag)]),
  );
  const data = header.zip === "DEF" ? await inflated(plain) : new Uint8Array(plain);
  return { header, resource: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data)) };
}

async function fetched(location) {
  const answer = await fetch(location, { redirect: "error" });
  if (!answer.ok) throw new Error(`a file answered ${answer.status}`);
  return answer.text();
}

const { url, key, flag = "", exp } = payloadOf(link);
if (exp && exp * 1000 < Date.now()) throw new Error("the link says that it is over");
if (flag.includes("P") !== Boolean(passcode)) throw new Error(`the flag is "${flag}"`);
const asked = { recipient: "A record system", ...(passcode && { passcode }) };
if (embeddedMost !== undefined) asked.embeddedLengthMax = Number(embeddedMost);
const headers = { "content-type": "application/json" };
const posted = await fetch(url, { method: "POST", headers, body: JSON.stringify(asked), redirect: "error" });
const answer = await posted.json();
const files = [];
for (const { contentType, embedded, location } of answer.files ?? []) {
  files.push({ contentType, isEmbedded: embedded !== undefined, ...(await opened(embedded ?? (await fetched(location)), key)) });
}
console.log(JSON.stringify({ status: posted.status, answer, files }));
