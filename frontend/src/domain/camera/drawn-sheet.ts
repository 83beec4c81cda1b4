import { backProject, lensOf, type Frame } from "./camera";
import { MIDDLES, MODULES, PIECE_MM, SQUARE_MM, WORDS } from "./sheet";
import type { Grey } from "./types";

/** What a test's picture shows; skin is a middle grey. */
const [INK, PAPER, SKIN] = [25, 225, 130];
const FINER = 2; // samples in each pixel each way

/** The shade of the sheet at a place in millimetres. */
function shadeAt(x: number, y: number, words: readonly number[]): number {
  if (Math.max(Math.abs(x), Math.abs(y)) > PIECE_MM / 2) return SKIN;
  for (const [id, middle] of MIDDLES.entries()) {
    const column = Math.floor(((x - middle.x) / SQUARE_MM + 0.5) * MODULES);
    const row = Math.floor(((y - middle.y) / SQUARE_MM + 0.5) * MODULES);
    if (Math.min(row, column) < 0 || Math.max(row, column) >= MODULES) continue;
    const isFrame = Math.min(row, column) < 1 || Math.max(row, column) > MODULES - 2;
    const bit = ((words[id] ?? 0) >> (15 - 4 * (row - 1) - (column - 1))) & 1;
    return !isFrame && bit === 1 ? PAPER : INK;
  }
  return PAPER;
}

/** For tests only: the sheet as a camera of these numbers sees it, sharp and in even light. */
export function drawnSheet(numbers: readonly number[], { width, height }: Frame, words: readonly number[] = WORDS): Grey {
  const lens = lensOf(numbers, { width, height });
  const data = new Uint8Array(width * height);
  for (let at = 0; at < data.length; at += 1) {
    let sum = 0;
    for (let part = 0; part < FINER * FINER; part += 1) {
      const x = (at % width) + ((part % FINER) + 0.5) / FINER;
      const mm = backProject(lens, { x, y: Math.floor(at / width) + (Math.floor(part / FINER) + 0.5) / FINER });
      sum += shadeAt(mm.x, mm.y, words);
    }
    data[at] = Math.round(sum / (FINER * FINER));
  }
  return { data, width, height };
}
