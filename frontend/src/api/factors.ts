/** How somebody proves who they are, and where they are signed in. Loaded with the screens that ask or show it. */
import { account, refused, type Flow, type Signed } from "./accounts";
import { api, send } from "./http";
import { ApiError } from "./problem";
import type { Page } from "./types";
import { makePasskey, showPasskey } from "./webauthn";

export interface Factor {
  type: "totp" | "webauthn" | "recovery_codes";
  id?: number;
  name?: string;
  created_at: number; // seconds, as all moments of allauth
  last_used_at: number | null;
  unused_code_count?: number;
}
export interface Device {
  id: number;
  device: string;
  is_current: boolean;
  created_at: number;
  last_seen_at: number;
}
export interface LogLine {
  number: number;
  at: string;
  what: string;
  by: "self" | "member" | "link" | "admin" | "unknown";
  name: string;
  about: string | null;
  device: string;
}
export interface Consent {
  purpose: string;
  version: number;
  given: boolean | null;
  given_version: number | null;
  at: string | null;
  can_be_withdrawn: boolean;
}
type Options = Parameters<typeof makePasskey>[0];
interface Asked {
  creation_options?: { publicKey: Options };
  request_options?: { publicKey: Options };
}

/** The data of an answer. Who is asked to prove themselves anew gets the code that the app's own routes use for it. */
async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const { status, body: flow, problem } = await send<(Flow & { data?: T }) | null>(method, `/_allauth/browser/v1/${path}`, body);
  if (status < 300 && flow) return flow.data as T;
  if (status === 401 && flow?.meta?.is_authenticated) throw new ApiError({ ...problem, code: "reauthentication_required" });
  throw refused(problem, flow?.errors ?? []);
}

const requestOptions = async (path: string): Promise<Options> => {
  const { request_options: options } = await ask<Asked>("GET", path);
  if (!options) throw new Error("no options");
  return options.publicKey;
};

export const factors = {
  list: () => ask<Factor[]>("GET", "account/authenticators"),

  /** What an authenticator app is given, as text and as an address for the QR code. */
  async newTotp(): Promise<{ secret: string; totp_url: string }> {
    const path = "account/authenticators/totp";
    const { status, body, problem } = await send<Flow & { meta?: { secret?: string; totp_url?: string } }>("GET", `/_allauth/browser/v1/${path}`);
    const { secret, totp_url } = body.meta ?? {};
    if (status === 404 && secret && totp_url) return { secret, totp_url };
    if (status === 401) throw new ApiError({ ...problem, code: "reauthentication_required" });
    throw refused(problem, body.errors ?? []);
  },
  turnOnTotp: (code: string) => ask<Factor>("POST", "account/authenticators/totp", { code }),
  turnOffTotp: () => ask<unknown>("DELETE", "account/authenticators/totp"),

  /** The codes themselves, the first time they are asked for; afterwards undefined. */
  recoveryCodes: async (): Promise<string[] | undefined> =>
    (await ask<{ unused_codes?: string[] }>("GET", "account/authenticators/recovery-codes")).unused_codes,
  newRecoveryCodes: async (): Promise<string[] | undefined> =>
    (await ask<{ unused_codes?: string[] }>("POST", "account/authenticators/recovery-codes", {})).unused_codes,

  async addPasskey(name: string): Promise<void> {
    const path = "account/authenticators/webauthn";
    const { creation_options: options } = await ask<Asked>("GET", `${path}?passwordless`);
    if (options) await ask("POST", path, { name, credential: await makePasskey(options.publicKey) });
  },
  renamePasskey: (id: number, name: string) => ask<unknown>("PUT", "account/authenticators/webauthn", { id, name }),
  removePasskey: (id: number) => ask<unknown>("DELETE", "account/authenticators/webauthn", { authenticators: [id] }),

  changePassword: (current_password: string, new_password: string) => ask<unknown>("POST", "account/password/change", { current_password, new_password }),
  changeEmail: (email: string) => ask<unknown>("POST", "account/email", { email }),

  devices: () => ask<Device[]>("GET", "auth/sessions"),
  endDevice: (id: number) => ask<Device[]>("DELETE", "auth/sessions", { sessions: [id] }),

  log: (next: string | null) => api<Page<LogLine> & { next: string | null }>("GET", next ?? "me/access-log/"),
  consents: () => api<Consent[]>("GET", "me/consents/"),
  agree: (purpose: string) => api<Consent>("PUT", `me/consents/${purpose}/`),
  takeBack: (purpose: string) => api<null>("DELETE", `me/consents/${purpose}/`),
};

/** Proving once more who holds the phone. */
export const proof = {
  password: (password: string) => account("POST", "auth/reauthenticate", { password }),
  code: (code: string) => account("POST", "auth/2fa/reauthenticate", { code }),
  passkey: async (): Promise<Signed> =>
    account("POST", "auth/webauthn/reauthenticate", { credential: await showPasskey(await requestOptions("auth/webauthn/reauthenticate")) }),
};

/** Ways in beside the password. */
export const doors = {
  ways: async (): Promise<string[]> => (await account("GET", "auth/session")).flows,
  passkey: async (): Promise<Signed> => account("POST", "auth/webauthn/login", { credential: await showPasskey(await requestOptions("auth/webauthn/login")) }),
  sendCode: (email: string) => account("POST", "auth/code/request", { email }),
  mailedCode: (code: string) => account("POST", "auth/code/confirm", { code }),
  secondCode: (code: string) => account("POST", "auth/2fa/authenticate", { code }),
  secondPasskey: async (): Promise<Signed> =>
    account("POST", "auth/webauthn/authenticate", { credential: await showPasskey(await requestOptions("auth/webauthn/authenticate")) }),
};
