// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { drafts, record, start } from "../../state";
import { beginForm, blankForm, chooseNewcomer, choosePerson, chooseSite, dropForm, keepForm, saveForm, type AddForm } from "./form.svelte";

const NOW = new Date("2026-11-20T10:00:00Z");
const minutes = (count: number): Date => new Date(NOW.getTime() + count * 60_000);
const NOES = { fever: false, weight_loss: false };

beforeEach(async () => {
  await start();
  await dropForm();
});

const answered = (form: AddForm): AddForm => ({ ...form, site: "calf", signs: { ...NOES }, background: { after_injury: false } });

test("a lump that was left a moment ago is gone on with", async () => {
  await keepForm(answered(blankForm()), NOW);
  expect(await beginForm(minutes(59))).toMatchObject({ left: null, form: { site: "calf", signs: NOES } });
});

test("a lump that was left more than an hour ago is offered", async () => {
  await keepForm(answered(blankForm()), NOW);
  const begun = await beginForm(minutes(61));
  expect(begun.left).toBe(NOW.toISOString());
});

test("a lump left by an earlier version, which did not say when, is offered", async () => {
  await drafts.keep("add", answered(blankForm()));
  expect((await beginForm(NOW)).left).toBe("");
});

test("a form nobody touched leaves nothing", async () => {
  await keepForm(blankForm(), NOW);
  expect((await beginForm(minutes(61))).left).toBeNull();
  await keepForm({ ...blankForm(), person: "whoever is shown" }, NOW);
  expect((await beginForm(minutes(61))).left).toBeNull();
});

test("answers about one place are not answers about another", async () => {
  const form = answered(blankForm());
  chooseSite(form, "calf");
  expect(form.signs).toEqual(NOES);
  chooseSite(form, "neck");
  expect(form).toMatchObject({ site: "neck", signs: {}, background: {} });
  const { lump } = await saveForm(form);
  expect(record.observations(lump.id)).toEqual([]);
});

test("answers about one person are not answers about another", () => {
  const form = answered(blankForm());
  choosePerson(form, "ada");
  expect(form.signs).toEqual({});
  form.signs = { ...NOES };
  choosePerson(form, "ada");
  expect(form.signs).toEqual(NOES);
  chooseNewcomer(form);
  expect(form).toMatchObject({ newcomer: { name: "" }, signs: {} });
  form.signs = { ...NOES };
  chooseNewcomer(form);
  expect(form.signs).toEqual(NOES);
  choosePerson(form, "ada");
  expect(form).toMatchObject({ newcomer: null, person: "ada", signs: {} });
});
