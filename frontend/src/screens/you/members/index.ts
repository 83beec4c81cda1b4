/** Sharing a person's record, each part with the words it needs. Loaded when it is opened. */
import { withWords } from "../../withWords";

const words = () => import("../../../texts/members").then(({ learnMembers }) => learnMembers);

export const sharing = () => withWords(import("./Sharing.svelte"), words());
export const join = () => withWords(import("./Join.svelte"), words());
