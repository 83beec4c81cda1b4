import { brightness } from "./grey";
import { perspective, type Quad } from "./quads";
import { MODULES, WORDS } from "./sheet";
import type { Grey, Point } from "./types";

export interface Read {
  readonly id: number;
  /** Quarter turns that bring the quad's first corner to the square's own top left. */
  readonly turns: number;
  /** Bits that are wrong. */
  readonly wrong: number;
}

const INNER = MODULES - 2;
const MOST_WRONG = 2;
const MOST_WRONG_BORDER = 2;
const LEAST_CONTRAST = 12;

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly value: number;
}

/** The mean brightness of one module; rows and columns from -1 (the white around) to 6. */
function cell(grey: Grey, at: (u: number, v: number) => Point, row: number, column: number): Cell {
  let value = 0;
  for (const down of [-0.22, 0, 0.22]) {
    for (const right of [-0.22, 0, 0.22]) value += brightness(grey, at((column + 0.5 + right) / MODULES, (row + 0.5 + down) / MODULES));
  }
  return { row, column, value: value / 9 };
}

/** What a module of that shade would have here: nearer ones count more, so that a shadow may lie across the square. */
function shadeAt(cells: readonly Cell[], row: number, column: number): number {
  let [sum, weights] = [0, 0];
  for (const other of cells) {
    const weight = 1 / ((other.row - row) ** 2 + (other.column - column) ** 2 + 0.3) ** 1.5;
    [sum, weights] = [sum + weight * other.value, weights + weight];
  }
  return sum / weights;
}

/** All cells of the ring just inside `from` … `to`. */
function ring(from: number, to: number): [number, number][] {
  const places: [number, number][] = [];
  for (let row = from; row <= to; row += 1) {
    for (let column = from; column <= to; column += 1) {
      if (row === from || row === to || column === from || column === to) places.push([row, column]);
    }
  }
  return places;
}

/** The sixteen bits within a quad as seen, row by row; null where no black frame stands in a white one. */
function bitsIn(grey: Grey, quad: Quad): number[] | null {
  const at = perspective(quad);
  const white = ring(-1, MODULES).map(([row, column]) => cell(grey, at, row, column));
  const black = ring(0, MODULES - 1).map(([row, column]) => cell(grey, at, row, column));
  const middle = (row: number, column: number): number => (shadeAt(white, row, column) + shadeAt(black, row, column)) / 2;
  const contrast = shadeAt(white, 2.5, 2.5) - shadeAt(black, 2.5, 2.5);
  if (!(contrast >= LEAST_CONTRAST)) return null;
  const pale = black.filter(({ row, column, value }) => value > middle(row, column));
  const dim = white.filter(({ row, column, value }) => value < middle(row, column));
  if (pale.length > MOST_WRONG_BORDER || dim.length > 2 * MOST_WRONG_BORDER) return null;
  const bits: number[] = [];
  for (let row = 1; row <= INNER; row += 1) {
    for (let column = 1; column <= INNER; column += 1) bits.push(cell(grey, at, row, column).value > middle(row, column) ? 1 : 0);
  }
  return bits;
}

/** A quarter turn: what stood at the right is now at the top. */
const turned = (bits: readonly number[]): number[] =>
  bits.map((_, index) => bits[(index % INNER) * INNER + (INNER - 1 - Math.floor(index / INNER))] ?? 0);

const difference = (bits: readonly number[], word: number): number =>
  bits.reduce((count, bit, index) => count + (bit === ((word >> (INNER * INNER - 1 - index)) & 1) ? 0 : 1), 0);

/** Which square of the sheet a quad is, or null. */
export function read(grey: Grey, quad: Quad): Read | null {
  let bits = bitsIn(grey, quad);
  for (let turns = 0; bits && turns < 4; turns += 1) {
    for (const [id, word] of WORDS.entries()) {
      const wrong = difference(bits, word);
      if (wrong <= MOST_WRONG) return { id, turns, wrong };
    }
    bits = turned(bits);
  }
  return null;
}
