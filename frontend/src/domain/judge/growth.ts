import type { Reading } from "./growth-model";
import type { Instant } from "./instant";

export interface Growth {
  state: "growing" | "stable" | "shrinking" | "too_few";
  measurements: number;
  probabilityGrowing: number | null;
  changeMm: number | null;
  changePercent: number | null;
  doublingDays: { estimate: number; low: number; high: number | null } | null;
  since: Instant | null;
  confirmAt: Instant | null;
  sizeMm: number | null;
  lastIsSlipDown: boolean;
  observations: readonly string[];
}

export function logError(length: number, method: string | null, readings = 1, own: number | null = null): number {
  return length + readings + (own ?? 0) + (method ?? "").length;
}
export function ownVariance(repeats: readonly (readonly number[])[], method: string | null): number {
  return repeats.length + (method ?? "").length;
}
export function growthOf(readings: readonly Reading[]): Growth {
  return {
    state: "too_few",
    measurements: readings.length,
    probabilityGrowing: null,
    changeMm: null,
    changePercent: null,
    doublingDays: null,
    since: null,
    confirmAt: null,
    sizeMm: null,
    lastIsSlipDown: false,
    observations: readings.map((one) => one.observation),
  };
}
