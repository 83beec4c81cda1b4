/** What became of a test message, in words: handed over, asked to wait, or failed. */
import { t } from "../../texts";

export interface Trial {
  outcome: string;
  code: string;
}

/** A service may ask this installation to wait, whoever a message is for: nobody's phone or address is at fault. */
const isHeld = ({ code }: Trial): boolean => code === "service_held" || code.endsWith("_429");

export function becameOf(trial: Trial): string {
  if (trial.outcome === "sent") return t("steps.state_sent");
  if (trial.outcome === "written") return t("told.written");
  return isHeld(trial) ? t("reminders.held") : `${t("told.failed")} ${trial.code}`.trim();
}

/** Of one press that went to several: whether anything was handed over, else what hindered the first. */
export function bestOf(trials: readonly Trial[]): string {
  if (trials.some(({ outcome }) => outcome === "sent")) return t("push.test_sent");
  const [first] = trials;
  return first ? becameOf(first) : t("reminders.no_way");
}
