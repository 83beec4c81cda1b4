import type { Component } from "svelte";
import { whole } from "../texts";

/** Whether reminders still come, with the words for it: no part of the first load, since they mostly do. */
export async function late(): Promise<Component> {
  const [{ default: Late }] = await Promise.all([import("./Late.svelte"), whole()]);
  return Late;
}
