/** The words of signing in, of devices, of who looked and what was agreed to; asked for before their screens are drawn. */
import { brought, type Sentences } from "../brought";

export const learnAccount = brought(import.meta.glob<Sentences>("./*.json", { import: "default" }));
