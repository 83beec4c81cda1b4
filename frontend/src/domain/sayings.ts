import type { Finding } from "./assessment";

/** What rules are called and say in one language and region, as they are now. */
export type Sayings = ReadonlyMap<string, Pick<Finding, "version" | "title" | "message">>;

interface SaidRule {
  id: string;
  version: number;
  title: string;
  message: string;
}

export const sayingsOf = (rules: readonly SaidRule[]): Sayings => new Map(rules.map((rule) => [rule.id, rule]));

/**
 * The same findings in other words. They were said in the language of that moment, by this phone or by the server; what
 * was said under an older version of a rule stays as it was told.
 */
export function inWords<T extends Pick<Finding, "rule" | "version" | "title" | "message">>(said: readonly T[], words: Sayings): T[] {
  return said.map((finding) => {
    const now = words.get(finding.rule);
    return now?.version === finding.version ? { ...finding, title: now.title, message: now.message } : finding;
  });
}
