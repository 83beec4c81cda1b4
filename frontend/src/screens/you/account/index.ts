/** How you sign in, who looked, what you agreed to: each with the words it needs. Loaded when it is gone to. */
import { withWords } from "../../withWords";

const words = () => import("../../../texts/account").then(({ learnAccount }) => learnAccount);

export const security = () => withWords(import("./Security.svelte"), words());
export const signIn = () => withWords(import("../../SignIn.svelte"), words());
