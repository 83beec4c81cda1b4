import type { Assessment } from "../assessment";
import type { HistoryDocument } from "./document";
import type { RulebookPage } from "./rulebook-page";
import { loadWords } from "./words";

export type { Assessment } from "../assessment";
export type { CareDocument, HistoryDocument, ObservationDocument } from "./document";
export type { RulebookPage, RulebookPageRule } from "./rulebook-page";
export type { Words } from "./words";

// `judge` itself is in ./judgement and is not passed on from here: whoever imported it would have it in the first script.

/** The judgement, ready to be asked again and again without waiting. */
export interface Judge {
  /** One lump as of `at`, in the language asked for and in the words of the person's own region. */
  judge(history: HistoryDocument, at: Date): Assessment;
  /** Every rule, its source and date, as `/api/v1/rulebook/` has it. */
  rulebook(): RulebookPage;
}

/**
 * Loads what decides and what is said, both kept on the phone at install. A language that is not there is said in
 * English; `region` is the one whose numbers to call the rules page shows.
 */
export async function loadJudge(language: string, region: string | null): Promise<Judge> {
  const [{ judge, rulebookPage, warmUp }, words] = await Promise.all([import("./judgement"), loadWords(language)]);
  void warmUp(words);
  return { judge: (history, at) => judge(history, at, words), rulebook: () => rulebookPage(words, region) };
}
