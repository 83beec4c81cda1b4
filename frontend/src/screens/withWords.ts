import { locale } from "../state";

/** A part that is loaded when it is gone to, once the words that it brings along can be said. */
export async function withWords<T>(part: Promise<T>, learner: Promise<(language: string) => Promise<void>>): Promise<T> {
  const [loaded, learn] = await Promise.all([part, learner]);
  await learn(locale.language);
  return loaded;
}
