import type { Assessment, Growth as GrowthJson } from "../assessment";
import type { HistoryDocument } from "./document";
import { assess, type Judged } from "./engine";
import type { Growth } from "./growth";
import { readHistory } from "./history";
import { dayText, instantText, MILLISECOND } from "./instant";
import { rounded } from "./rounding";
import { book } from "./rulebook";
import { messageOf, sourcesOf, titleOf, type Words } from "./words";

/** One lump judged as of `at`: the contract's assessment, the same as the server's. Throws where an instant or day is none. */
export function judge(document: HistoryDocument, at: Date, words: Words): Assessment {
  const history = readHistory(document);
  return inWords(assess(history, at.getTime() * MILLISECOND), words, history.region);
}

/** A judgement in the words of a region, numbers rounded as the server rounds them. */
export function inWords(judged: Judged, words: Words, region: string | null): Assessment {
  return {
    lump: judged.lump,
    at: instantText(judged.at),
    level: judged.level,
    findings: judged.findings.map(({ rule, because }) => ({
      rule: rule.id,
      version: rule.version,
      level: rule.level,
      title: titleOf(rule, words),
      message: messageOf(rule, words, region),
      because: because.map(({ fact, value, observations }) => ({ fact, value, observations: [...observations] })),
      sources: sourcesOf(rule, words).map(([title, url, section, accessed]) => ({ title, url, section, accessed })),
    })),
    unknown: judged.unknown.map(({ rule, missing }) => ({ rule, missing: [...missing] })),
    growth: growthJson(judged.growth, judged),
    days_since_noticed: judged.daysSinceNoticed,
    next_check_on: day(judged.nextCheckOn),
    reassess_at: judged.reassessAt === null ? null : instantText(judged.reassessAt),
    rulebook: book.digest,
  };
}

function growthJson(growth: Growth, { growthSince, confirmBy }: Judged): GrowthJson {
  const doubling = growth.doublingDays;
  return {
    state: growth.state,
    probability_growing: finite(growth.probabilityGrowing, 4),
    change_mm: finite(growth.changeMm, 1),
    change_percent: finite(growth.changePercent, 1),
    doubling_days: doubling && {
      estimate: finite(doubling.estimate, 1),
      low: finite(doubling.low, 1),
      high: finite(doubling.high, 1),
    },
    since: day(growthSince),
    confirm_by: day(confirmBy),
    measurements: growth.measurements,
  };
}

const day = (number: number | null): string | null => (number === null ? null : dayText(number));
const finite = (value: number | null, decimals: number): number | null =>
  value === null || !Number.isFinite(value) ? null : rounded(value, decimals);
