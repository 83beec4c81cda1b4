import { beforeEach, expect, test } from "vitest";
import { newId } from "../domain/ids";
import type { Lump } from "../domain/record";
import { adoptPerson } from "./adopt";
import { openDatabase, type Database } from "./db";
import { FakeServer } from "./fake-server";
import { remove, UNDO_MS, write } from "./outbox";
import { exchange, pull } from "./sync";

let server: FakeServer;
let phone: Database;

beforeEach(async () => {
  server = new FakeServer();
  phone = await openDatabase(newId());
  await write(phone, [{ type: "person", id: "nameless", fields: { name: "" } }]);
  await write(phone, [{ type: "lump", id: "l", fields: { person: "nameless", site: "calf" } }]);
});

async function signIn(): Promise<void> {
  await pull(phone, server);
  await adoptPerson(phone);
  await exchange(phone, server, () => Date.now() + UNDO_MS + 1);
}

test("what was logged before an account existed moves into the new account", async () => {
  await signIn();
  expect(server.field("l", "person")).toBe("nameless");
  expect(server.rows.has("nameless")).toBe(true);
});

test("signing in to an account with one person gives that person the lump", async () => {
  server.say("person", "ada", { name: "Ada" });
  await signIn();
  expect(server.field("l", "person")).toBe("ada");
  expect(server.rows.has("nameless")).toBe(false);
  expect(((await phone.get("records", "l"))?.shown as Lump).person).toBe("ada");
});

test("a lump that was deleted before signing in is not sent, and neither is what was logged about it", async () => {
  server.say("person", "ada", { name: "Ada" });
  await write(phone, [{ type: "observation", id: "c", fields: { lump: "l" } }]);
  await remove(phone, "lump", "l");
  await signIn();
  expect(server.requests.flat()).toEqual([]);
  expect(await phone.getAllKeys("records")).toEqual(["ada"]);
  expect(await phone.count("outbox")).toBe(0);
});

test("with several people nobody guesses whose lump it is", async () => {
  server.say("person", "ada", { name: "Ada" });
  server.say("person", "bea", { name: "Bea" });
  await signIn();
  expect(server.field("l", "person")).toBe("nameless");
});

test("pulling sends nothing", async () => {
  await pull(phone, server);
  expect(server.requests.flat()).toEqual([]);
});
