import { crc32, deflateSync } from "node:zlib";
import type { Plugin } from "vite";

/** The icons, drawn at each build: a plain ring with a dot off its centre. Lengths are shares of the icon's width. */

type Colour = readonly [number, number, number];
interface Style {
  ink: Colour;
  ground: Colour | null; // null: see-through
  corner: number; // 0.5 is a disc, 0 a square
  scale: number; // how much of the picture the ring takes; maskable icons lose their rim
}

const PAPER: Colour = [0xf7, 0xf4, 0xee];
const TEAL: Colour = [0x0b, 0x5d, 0x5b];
const RING = { radius: 0.29, width: 0.07 };
const DOT = { x: 0.094, y: -0.086, radius: 0.08 };

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

function shapeDistance(x: number, y: number): number {
  const ring = Math.abs(Math.hypot(x, y) - RING.radius) - RING.width / 2;
  const dot = Math.hypot(x - DOT.x, y - DOT.y) - DOT.radius;
  return Math.min(ring, dot);
}

function groundDistance(x: number, y: number, corner: number): number {
  const [dx, dy] = [Math.abs(x) - 0.5 + corner, Math.abs(y) - 0.5 + corner];
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - corner;
}

function pixels(size: number, style: Style): Buffer {
  const rows = Buffer.alloc(size * (1 + size * 4));
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const [x, y] = [(column + 0.5) / size - 0.5, (row + 0.5) / size - 0.5];
      const ink = clamp(0.5 - shapeDistance(x / style.scale, y / style.scale) * style.scale * size);
      const ground = style.ground ? clamp(0.5 - groundDistance(x, y, style.corner) * size) : 0;
      const alpha = Math.max(ink, ground);
      const at = row * (1 + size * 4) + 1 + column * 4;
      for (const channel of [0, 1, 2] as const) {
        const under = style.ground?.[channel] ?? style.ink[channel];
        rows[at + channel] = Math.round(under + (style.ink[channel] - under) * ink);
      }
      rows[at + 3] = Math.round(alpha * 255);
    }
  }
  return rows;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

function png(size: number, style: Style): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8); // eight bits, colour with alpha
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(pixels(size, style), { level: 9 });
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-50 -50 100 100">
<rect x="-50" y="-50" width="100" height="100" rx="22" fill="#f7f4ee"/>
<circle r="29" fill="none" stroke="#0b5d5b" stroke-width="7"/><circle cx="9.4" cy="-8.6" r="8" fill="#0b5d5b"/></svg>
`;

const tile: Style = { ink: TEAL, ground: PAPER, corner: 0.22, scale: 1 };
const square: Style = { ...tile, corner: 0, scale: 0.86 };
const PICTURES: [string, number, Style][] = [
  ["icon-192.png", 192, tile],
  ["icon-512.png", 512, tile],
  ["maskable-192.png", 192, square],
  ["maskable-512.png", 512, square],
  ["apple-touch-icon.png", 180, square],
  ["monochrome-512.png", 512, { ink: [0, 0, 0], ground: null, corner: 0, scale: 0.86 }],
  ["badge-96.png", 96, { ink: [255, 255, 255], ground: null, corner: 0, scale: 1.3 }],
];

export function icons(): Plugin {
  return {
    name: "icons",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "icons/icon.svg", source: svg });
      for (const [name, size, style] of PICTURES) {
        this.emitFile({ type: "asset", fileName: `icons/${name}`, source: png(size, style) });
      }
    },
  };
}
