/** What is loaded when somebody is to be judged: one part of the built app. */
export { judge } from "./judge";
export { rulebookPage } from "./rulebook-page";
export { warmUp } from "./warm-up";
