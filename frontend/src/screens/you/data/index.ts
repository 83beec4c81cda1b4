/** What you take out, bring in, erased, and what is kept: with the words it needs. Loaded when it is gone to. */
import { withWords } from "../../withWords";

const words = () => import("../../../texts/data").then(({ learnData }) => learnData);

export const yourData = () => withWords(import("./Data.svelte"), words());
