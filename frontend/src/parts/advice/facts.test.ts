// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { DERIVED } from "../../domain/judge/facts/derived";
import { loadRest, loadWords, speak, whole } from "../../texts";
import { becauseLine } from "./facts";

const asInTheCode = (fact: string): string => (fact.split(".").at(-1) ?? fact).replaceAll("_", " ");

test.each(["en", "es"])("what is worked out is a reason in words, never by its name in the code: %s", async (language) => {
  speak(await loadWords(language), () => loadRest(language));
  await whole();
  const bare = Object.keys(DERIVED).filter((fact) => becauseLine({ fact, value: true, observations: [] }) === asInTheCode(fact));
  expect(bare).toEqual([]);
});
