/** The words of the camera, which is loaded only when it is used; its screens ask for them before they are drawn. */
import { brought, type Sentences } from "../brought";

export const learnCamera = brought(import.meta.glob<Sentences>("./*.json", { import: "default" }));
