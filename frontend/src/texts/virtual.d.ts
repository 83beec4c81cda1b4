/** Modules that the build makes of the catalogues (build/texts.ts). */

declare module "virtual:languages" {
  /** Language → its own name for itself. */
  export const names: Record<string, string>;
  export const first: Record<string, () => Promise<{ default: import("./words").Words }>>;
  export const rest: Record<string, () => Promise<{ default: import("./words").Rest }>>;
}

declare module "virtual:texts-en" {
  const words: import("./words").Words;
  export default words;
}

declare module "virtual:rest-en" {
  const rest: import("./words").Rest;
  export default rest;
}

declare module "virtual:fields" {
  const tables: unknown;
  export default tables;
}
