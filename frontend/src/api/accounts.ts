import { send } from "./http";
import { ApiError, type Problem } from "./problem";

/** django-allauth's browser flow: its own answer shape, in which 401 often means "well, one more step". */
export interface Flow {
  status: number;
  data?: { user?: { id: string | number; email?: string }; flows?: { id: string; is_pending?: boolean; types?: string[] }[] };
  meta?: { is_authenticated?: boolean };
  errors?: { message: string; code: string; param?: string }[];
}

export interface Signed {
  signedIn: boolean;
  user: { id: string; email: string } | null;
  pending: string[]; // steps that wait, such as "verify_email" or "password_reset_by_code"
  types: string[]; // with which the second factor can be shown, where that is what waits
  flows: string[]; // what can be begun
}

export async function account(method: string, path: string, body?: object): Promise<Signed> {
  const answer = await send<Flow | null>(method, `/_allauth/browser/v1/${path}`, body);
  const flow = answer.body;
  const errors = flow?.errors ?? [];
  const isAnswer = answer.status < 300 || answer.status === 401 || answer.status === 410;
  if (!isAnswer || errors.length > 0 || !flow) throw refused(answer.problem, errors);
  const user = flow.data?.user;
  const flows = flow.data?.flows ?? [];
  const waiting = flows.filter((each) => each.is_pending);
  return {
    signedIn: flow.meta?.is_authenticated ?? false,
    user: user ? { id: String(user.id), email: user.email ?? "" } : null,
    pending: waiting.map((each) => each.id),
    types: waiting.flatMap((each) => each.types ?? []),
    flows: flows.map((each) => each.id),
  };
}

export function refused(problem: Problem, errors: NonNullable<Flow["errors"]>): ApiError {
  const fields: Record<string, string[]> = {};
  for (const error of errors) if (error.param) (fields[error.param] ??= []).push(error.message);
  const first = errors[0];
  return new ApiError({ ...problem, code: first?.code ?? problem.code, message: first?.message ?? problem.message, fields });
}

export const accounts = {
  /** Also sets the CSRF cookie that every later write needs. */
  current: () => account("GET", "auth/session"),
  /** `invitation` where the hoster asks for one. */
  signUp: (email: string, password: string, invitation = "") =>
    account("POST", "auth/signup", { email, password, ...(invitation ? { invitation } : {}) }),
  signIn: (email: string, password: string) => account("POST", "auth/login", { email, password }),
  signOut: () => account("DELETE", "auth/session"),
  verifyEmail: (code: string) => account("POST", "auth/email/verify", { key: code }),
  sendVerification: (email: string) => account("PUT", "account/email", { email }),
  requestReset: (email: string) => account("POST", "auth/password/request", { email }),
  reset: (code: string, password: string) => account("POST", "auth/password/reset", { key: code, password }),
};
