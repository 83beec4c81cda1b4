import { locale } from "../../../state";
import type { Erasure } from "../../../state/data";
import { hasText, t } from "../../../texts";

/** "Lumps: 1", "Checks: 7": what went, each kind that has a name. */
export const countsOf = (receipt: Erasure): string[] =>
  Object.entries(receipt.counts)
    .map(([name, count]) => (hasText(`data.count_${name}`) ? t(`data.count_${name}` as "data.count_lumps", { count: locale.number(count) }) : ""))
    .filter((each) => each !== "");
