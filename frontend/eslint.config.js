import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

/** The floors: a folder may not import from those above it. */
const above = {
  domain: ["api", "photo", "store", "state", "parts", "screens", "texts"],
  api: ["photo", "store", "state", "parts", "screens", "texts"],
  store: ["photo", "state", "parts", "screens", "texts"],
  photo: ["state", "parts", "screens", "texts"],
  state: ["parts", "screens"],
  parts: ["screens", "store", "api"],
  screens: ["store", "api"],
};

const floors = Object.entries(above).map(([floor, upper]) => ({
  files: [`src/${floor}/**`],
  ignores: ["**/*.test.ts"],
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: [{ regex: `^(\\.\\./)+(${upper.join("|")})(/|$)`, message: `${floor} stands below or beside that floor.`, allowTypeImports: true }] },
    ],
    ...(floor === "api" ? {} : { "no-restricted-globals": ["error", { name: "fetch", message: "src/api holds the only fetch." }] }),
  },
}));

export default ts.config(
  { ignores: ["dist", "node_modules", "*.js", "*.mjs"] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: {
        project: ["./tsconfig.json", "./tsconfig.sw.json"],
        extraFileExtensions: [".svelte"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unnecessary-condition": "off", // old browsers lack what TypeScript's library promises
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { arguments: false, attributes: false } }],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      "svelte/no-navigation-without-resolve": "off", // SvelteKit's
      "svelte/prefer-svelte-reactivity": "off", // tables are replaced whole in $state.raw; dates are values here
    },
  },
  {
    files: ["**/*.svelte"],
    rules: {
      // The parser sees bindings and snippets of other components as any; svelte-check knows their types and checks them.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  ...floors,
);
