/** The words of exports, imports, receipts and what is kept; asked for before their screen is drawn. */
import { brought, type Sentences } from "../brought";

export const learnData = brought(import.meta.glob<Sentences>("./*.json", { import: "default" }));
