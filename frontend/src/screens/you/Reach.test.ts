// @vitest-environment happy-dom
import { flushSync, mount, unmount } from "svelte";
import { expect, test, vi } from "vitest";
import { session } from "../../state";
import Reach from "./Reach.svelte";

vi.setConfig({ testTimeout: 30_000 }); // on a busy machine

test("an app that starts on this screen asks for the devices once it knows who is signed in", async () => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (address: string) => {
    asked.push(address);
    return Promise.resolve(Response.json({ results: [] }));
  });
  session.status = "unknown";
  const part = mount(Reach, { target: document.body });
  flushSync();
  expect(asked).toEqual([]);
  session.status = "signed_in";
  flushSync();
  await vi.waitFor(() => expect(asked).toEqual(["/api/v1/push-subscriptions/"]), { timeout: 8_000 });
  await unmount(part);
  session.status = "anonymous";
});
