import { MIDDLES, MODULES, PIECE_MM, SQUARE_MM, WORDS } from "../../domain/camera/sheet";

/** A4, and small enough for US Letter as well: everything stands within what both can print. */
const PAGE_MM = { width: 210, height: 297 };
const PT_PER_MM = 72 / 25.4;
export const BAR_MM = 50;
const SHEET_MM = { x: 105, y: 90 };
const BAR_TOP_MM = 140;
const BITS = 16;

const pt = (mm: number): string => (mm * PT_PER_MM).toFixed(3);
/** From the top left corner downward, as one reads; a PDF counts from the bottom. */
const box = (x: number, y: number, width: number, height: number): string =>
  `${pt(x)} ${pt(PAGE_MM.height - y - height)} ${pt(width)} ${pt(height)} re`;

function square(word: number, middle: { x: number; y: number }): string[] {
  const [left, top] = [SHEET_MM.x + middle.x - SQUARE_MM / 2, SHEET_MM.y + middle.y - SQUARE_MM / 2];
  const module = SQUARE_MM / MODULES;
  const white = Array.from({ length: BITS }, (_, bit) => bit).filter((bit) => (word >> (BITS - 1 - bit)) & 1);
  return [
    `0 g ${box(left, top, SQUARE_MM, SQUARE_MM)} f`,
    `1 g ${white.map((bit) => box(left + ((bit % 4) + 1) * module, top + (Math.floor(bit / 4) + 1) * module, module, module)).join(" ")} f`,
  ];
}

/** Latin letters only, as the fonts that every PDF reader brings along have them. */
function escaped(text: string): string {
  return Array.from(text, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    if (code > 255) return "?";
    return code < 127 && !"()\\".includes(letter) ? letter : `\\${code.toString(8).padStart(3, "0")}`;
  }).join("");
}
const line = (text: string, y: number, size: number): string =>
  `0 g BT /F1 ${size} Tf ${pt(30)} ${pt(PAGE_MM.height - y)} Td (${escaped(text)}) Tj ET`;

/** The sheet to print at its true size: the squares, a dotted edge to cut along, and a bar to hold a ruler against. */
export function sheetPdf(words: { title: string; how: readonly string[]; bar: string }): string {
  const half = PIECE_MM / 2;
  const drawing = [
    line(words.title, 25, 16),
    ...words.how.map((text, index) => line(text, 36 + index * 6, 10)),
    `0.6 G 0.5 w [2 2] 0 d ${box(SHEET_MM.x - half, SHEET_MM.y - half, PIECE_MM, PIECE_MM)} S [] 0 d`,
    ...MIDDLES.flatMap((middle, id) => square(WORDS[id] ?? 0, middle)),
    `0 g ${box(30, BAR_TOP_MM, BAR_MM, 3)} f`,
    line(words.bar, BAR_TOP_MM + 10, 10),
  ].join("\n");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${pt(PAGE_MM.width)} ${pt(PAGE_MM.height)}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>`,
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
  ];
  let file = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const place = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const start = file.length;
  const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  return `${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
}
