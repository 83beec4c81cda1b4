import type { DeviceSecret } from "./lock";

/**
 * The phone's own fingerprint, face or code as a second way in (WebAuthn with the PRF extension). Nothing of it goes to
 * the server: the authenticator gives the same secret for the same salt, and that opens the key.
 */
const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));

/** Not in TypeScript's library yet. */
interface PrfResults {
  prf?: { enabled?: boolean; results?: { first?: ArrayBuffer } };
}
const prf = (salt: Uint8Array<ArrayBuffer>): AuthenticationExtensionsClientInputs =>
  ({ prf: { eval: { first: salt } } }); // as above

export async function hasAuthenticator(): Promise<boolean> {
  const known = globalThis.PublicKeyCredential as typeof PublicKeyCredential | undefined;
  return (await known?.isUserVerifyingPlatformAuthenticatorAvailable?.().catch(() => false)) ?? false;
}

/** Asks the person once to make it and once to use it. `null` where this phone's authenticator cannot give a secret. */
export async function newDeviceSecret(name: string): Promise<DeviceSecret | null> {
  const salt = random(32);
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: random(32),
      rp: { name },
      user: { id: random(16), name, displayName: name },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }],
      authenticatorSelection: { authenticatorAttachment: "platform", userVerification: "required", residentKey: "discouraged" },
      extensions: prf(salt),
    },
  })) as PublicKeyCredential | null;
  if (!made) return null;
  const extensions = made.getClientExtensionResults() as PrfResults;
  if (!extensions.prf?.enabled) return null;
  const credential = new Uint8Array(made.rawId);
  return extensions.prf.results?.first ? { credential, salt, secret: extensions.prf.results.first } : askDevice(credential, salt);
}

/** The person shows a finger or a face. `null` where that gives nothing; rejects where it was refused. */
export async function askDevice(credential: Uint8Array<ArrayBuffer>, salt: Uint8Array<ArrayBuffer>): Promise<DeviceSecret | null> {
  const shown = (await navigator.credentials.get({
    publicKey: {
      challenge: random(32),
      allowCredentials: [{ type: "public-key", id: credential }],
      userVerification: "required",
      extensions: prf(salt),
    },
  })) as PublicKeyCredential | null;
  const secret = (shown?.getClientExtensionResults() as PrfResults | undefined)?.prf?.results?.first;
  return secret ? { credential, salt, secret } : null;
}
