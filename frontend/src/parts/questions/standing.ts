import { catalogue, isAlarming } from "../../domain/catalogue";
import type { Observation } from "../../domain/record";

export interface Standing {
  name: string;
  at: string;
}

/** Alarming answers that nobody has taken back yet, the latest first: they are asked again before anything else. */
export function standingAlarms(checks: readonly Observation[]): Standing[] {
  const latest = new Map<string, { at: string; alarming: boolean }>();
  for (const check of [...checks].sort((a, b) => Date.parse(b.observed_at) - Date.parse(a.observed_at))) {
    for (const [name, answer] of Object.entries(check.signs)) {
      if (answer === null || latest.has(name)) continue;
      latest.set(name, { at: check.observed_at, alarming: catalogue.signs[name]?.kind === "flag" && isAlarming(name, answer) });
    }
  }
  return [...latest].filter(([, { alarming }]) => alarming).map(([name, { at }]) => ({ name, at }));
}
