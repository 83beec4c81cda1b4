/** What went wrong, in the one shape that every error of the server has; plain data, so that it can be stored. */
export interface Problem {
  status: number; // 0: no answer came
  code: string;
  message: string;
  fields: Record<string, string[]>;
  retry_after: number | null; // seconds
}

/** The only error that leaves `api/`. */
export class ApiError extends Error implements Problem {
  readonly status: number;
  readonly code: string;
  readonly fields: Record<string, string[]>;
  readonly retry_after: number | null;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = "ApiError";
    this.status = problem.status;
    this.code = problem.code;
    this.fields = problem.fields;
    this.retry_after = problem.retry_after;
  }

  /** No answer, or one that another try may mend. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  toJSON(): Problem {
    const { status, code, message, fields, retry_after } = this;
    return { status, code, message, fields, retry_after };
  }
}
