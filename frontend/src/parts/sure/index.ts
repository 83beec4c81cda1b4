/**
 * Does something that the server wants to be sure about. Where it asks who this is, a sheet asks for the password, a
 * passkey or a code, and then the same is done again. Rejects with `TurnedAway` when the sheet is closed.
 */
import { locale } from "../../state";
import { t } from "../../texts";
import { asProblem, problemText } from "../problem";

/** What went wrong, where a passkey may have been asked for: the browser rejects with its own errors. */
export const passkeyProblem = (error: unknown): string => (error instanceof DOMException ? t("sure.passkey_not") : problemText(error));

/** The person closed the sheet: nothing was done, and nothing needs to be said. */
export class TurnedAway extends Error {}

export async function whenSure<T>(what: () => Promise<T>): Promise<T> {
  try {
    return await what();
  } catch (error) {
    if (asProblem(error)?.code !== "reauthentication_required") throw error;
  }
  return sureFirst(what);
}

/** As above, but asks whatever the server thinks: for what cannot be undone, whoever holds the phone. */
export async function sureFirst<T>(what: () => Promise<T>): Promise<T> {
  const [{ ask }, { learnAccount }] = await Promise.all([import("./ask"), import("../../texts/account")]);
  await learnAccount(locale.language);
  if (!(await ask())) throw new TurnedAway();
  return what();
}
