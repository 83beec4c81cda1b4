/** The words of sharing a record with other accounts; its screens ask for them before they are drawn. */
import { brought, type Sentences } from "../brought";

export const learnMembers = brought(import.meta.glob<Sentences>("./*.json", { import: "default" }));
