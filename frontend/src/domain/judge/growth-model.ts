import type { Instant } from "./instant";

export interface Reading {
  at: Instant;
  length: number;
  method: string | null;
  logError: number;
  observation: string;
}
