import { parse } from "smol-toml";
import type { Plugin } from "vite";

/** Lets the app import a TOML file as data, so that the field catalogue has one source and no parser is shipped. */
export function toml(): Plugin {
  return {
    name: "toml",
    transform(code, id) {
      if (!id.endsWith(".toml")) return null;
      return { code: `export default ${JSON.stringify(parse(code))};`, map: null, moduleType: "js" };
    },
  };
}
