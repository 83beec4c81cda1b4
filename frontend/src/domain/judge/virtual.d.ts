/** Modules that the build makes of the rule files (build/rulebook.ts). */

declare module "virtual:rulebook" {
  const data: import("./rulebook").RulebookData;
  export default data;
}

declare module "virtual:rule-sources" {
  const data: import("./words").SourcesData;
  export default data;
}

declare module "virtual:rule-words" {
  const loaders: Record<string, (() => Promise<{ default: import("./words").WordsData }>) | undefined>;
  export default loaders;
}
