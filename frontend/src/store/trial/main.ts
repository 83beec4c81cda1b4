import "fake-indexeddb/auto";
import { createInterface } from "node:readline";
import { Line } from "./line";
import { Phone } from "./phone";
import { World } from "./world";

/**
 * Three phones with the app's own store against a running server: `node trial.mjs FIRST_SEED LAST_SEED STEPS`, told by
 * TRIAL, `{url, jpeg}`. It prints one JSON object a line: `{"kill": ms}` asks for the server to be killed and started
 * again, which a line on standard input confirms; `{"seed", …}` is what came of a world. Whoever runs it judges.
 */
const { url, jpeg } = JSON.parse(process.env["TRIAL"] ?? "{}") as { url: string; jpeg: string };
const [first, last, steps] = process.argv.slice(2).map(Number) as [number, number, number];
const say = (told: object): void => void process.stdout.write(`${JSON.stringify(told)}\n`);

let isUp: () => void = () => undefined;
createInterface({ input: process.stdin })
  .on("line", () => isUp())
  .on("close", () => process.exit(1));

async function kill(afterMs: number): Promise<void> {
  say({ kill: afterMs });
  await new Promise<void>((resolve) => (isUp = resolve));
}

/** Each world has an account of its own. */
async function signedUp(seed: number): Promise<string> {
  const body = JSON.stringify({ email: `ada+${String(seed)}@example.org`, password: "a long way to the sea" });
  // eslint-disable-next-line no-restricted-globals -- this is the network's edge
  const response = await fetch(`${url}/_allauth/app/v1/auth/signup`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  return ((await response.json()) as { meta: { session_token: string } }).meta.session_token;
}

let pictures = 0;
/** A picture that nobody has sent yet: what follows the end of a JPEG does not belong to it. */
const picture = (): ArrayBuffer => new Uint8Array([...Buffer.from(jpeg, "base64"), ...Buffer.from(`picture ${(pictures += 1)}`)]).buffer;

const ordered = (all: Iterable<readonly [string, unknown]>): string =>
  JSON.stringify([...all].sort(([a], [b]) => (a < b ? -1 : 1)), (_, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value,
  );

async function live(seed: number): Promise<void> {
  const line = new Line({ url, token: await signedUp(seed), kill });
  const world = new World(seed, line, picture);
  await world.begin();
  for (let step = 0; step < steps; step += 1) await world.step();
  await world.settle();
  const another = await Phone.bought(`world ${String(seed)} another`, line);
  await another.talk();
  const theirs = await another.shown();
  const own = (rows: Awaited<ReturnType<Phone["shown"]>>): string => ordered([...rows].filter(([id]) => world.ids.has(id)));
  const [truth, shown] = [own(theirs), await Promise.all(world.phones.map(async (phone) => own(await phone.shown())))];
  const ops = (await Promise.all(world.phones.map((phone) => phone.db.getAll("outbox")))).flat();
  const isGone = (id: string): boolean => !theirs.has(id);
  const unaccounted = world.said.filter(({ key, value }) => {
    const [id, field] = key.split(" ") as [string, string];
    return !isGone(id) && theirs.get(id)?.fields[field] !== value && !world.settled.has(value);
  });
  say({
    seed,
    agree: shown.every((each) => each === truth),
    shown: shown.every((each) => each === truth) ? [] : [truth, ...shown],
    ids: [...theirs.keys()].filter((id) => world.ids.has(id)).length,
    stuck: ops.filter((op) => op.problem === null || !isGone(op.id)),
    blind: [...theirs].filter(([id, row]) => world.ids.has(id) && row.type === "photo" && row.fields["state"] !== "ready").length,
    unaccounted,
    lostPhones: world.hasLostPhones,
  });
}

for (let seed = first; seed <= last; seed += 1) await live(seed);
process.exit(0);
