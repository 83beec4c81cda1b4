import type { Assessment } from "../assessment";
import type { HistoryDocument } from "./document";
import type { Words } from "./words";

export { rulebookPage } from "./rulebook-page";

/** One lump judged as of `at`: the contract's assessment, the same as the server's. */
export function judge(history: HistoryDocument, at: Date, words: Words): Assessment {
  throw new Error(`not yet: ${history.lump.site}, ${at.toISOString()}, ${words.said.language}`);
}
