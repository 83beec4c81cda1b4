/** What went wrong, for a person: the server's own words where it has any, else what can be done. */
import { t } from "../texts";

interface Problem {
  status: number;
  code: string;
  message: string;
  fields: Record<string, string[]>;
}

export const asProblem = (error: unknown): Problem | null =>
  error instanceof Error && "status" in error && "fields" in error ? (error as Error & Problem) : null;

export function problemText(error: unknown): string {
  const problem = asProblem(error);
  if (!problem) return t("failed.unknown");
  if (problem.status === 0) return t("failed.no_answer");
  if (problem.status === 429) return t("failed.too_fast");
  return problem.message || Object.values(problem.fields).flat()[0] || t("failed.unknown");
}

export const fieldProblem = (error: unknown, field: string): string => asProblem(error)?.fields[field]?.join(" ") ?? "";
