// @vitest-environment happy-dom
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { learnData } from "../../../texts/data";
import Data from "./Data.svelte";

const RECEIPT = { id: "r1", kind: "account", at: "2026-11-22T10:00:00Z", counts: { persons: 1, lumps: 2, checks: 7, links: 1 } };
let part: ReturnType<typeof mount> | null = null;
let asked: string[] = [];
let saved: Blob[] = [];

beforeEach(async () => {
  await learnData("en");
  [asked, saved] = [[], []];
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    saved.push(blob as Blob);
    return "blob:receipt";
  });
  sessionStorage.setItem("receipt", "r1");
});
afterEach(async () => {
  if (part) await unmount(part);
  document.body.innerHTML = "";
  sessionStorage.clear();
});

function answered(response: () => Promise<Response>): void {
  vi.spyOn(globalThis, "fetch").mockImplementation((address) => {
    asked.push(address as string);
    return response();
  });
}
const show = (): void => void (part = mount(Data, { target: document.body, props: { id: "gone" } }));
async function says(...words: string[]): Promise<void> {
  await vi.waitFor(() => {
    flushSync();
    for (const word of words) expect(document.body.textContent).toContain(word);
  });
}
const save = (): HTMLAnchorElement | null => document.querySelector("a[download]");

test("the last screen of an account shows its receipt, and lets it be saved", async () => {
  answered(() => Promise.resolve(Response.json(RECEIPT)));
  show();
  await says("Your account is deleted", "People: 1", "Lumps: 2", "Checks: 7", "Links: 1", "Receipt r1", "Save the receipt");
  expect(asked).toEqual(["/api/v1/erasures/r1/"]);
  expect(save()?.download).toBe("receipt.txt");
  const text = await saved[0]?.text();
  for (const word of ["Your account is deleted", "Lumps: 2", "Receipt r1"]) expect(text).toContain(word);
});

test("without a line its number is there all the same", async () => {
  answered(() => Promise.reject(new TypeError("Failed to fetch")));
  show();
  await says("Receipt r1", "Save the receipt");
  expect(await saved[0]?.text()).toContain("Receipt r1");
});

test("once it was read it is nowhere on the phone", async () => {
  answered(() => Promise.resolve(Response.json(RECEIPT)));
  show();
  await says("Done");
  [...document.querySelectorAll("a")].find((each) => each.textContent === "Done")?.click();
  expect(sessionStorage.getItem("receipt")).toBeNull();
});
