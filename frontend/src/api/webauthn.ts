/** Passkeys: what the server says as JSON into what the browser takes, and back. Browsers before 2025 cannot do it themselves. */
type Json = Record<string, unknown>;

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const textOf = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

interface Descriptor {
  id: string;
  type: PublicKeyCredentialType;
}
interface Options extends Json {
  challenge: string;
  user?: { id: string; name: string; displayName: string };
  excludeCredentials?: Descriptor[];
  allowCredentials?: Descriptor[];
}

const described = (list: Descriptor[] = []): PublicKeyCredentialDescriptor[] => list.map((each) => ({ ...each, id: bytesOf(each.id) }));

export const canPasskeys = (): boolean => "PublicKeyCredential" in globalThis && "credentials" in navigator;

/** Makes a new passkey on this device. Rejects when the person turns away. */
export async function makePasskey(options: Options): Promise<Json> {
  const made = await navigator.credentials.create({
    publicKey: {
      ...(options as unknown as PublicKeyCredentialCreationOptions),
      challenge: bytesOf(options.challenge),
      user: { name: "", displayName: "", ...options.user, id: bytesOf(options.user?.id ?? "") },
      excludeCredentials: described(options.excludeCredentials),
    },
  });
  const credential = made as PublicKeyCredential;
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    ...named(credential),
    response: { clientDataJSON: textOf(response.clientDataJSON), attestationObject: textOf(response.attestationObject) },
  };
}

/** Shows a passkey that this device has. */
export async function showPasskey(options: Options): Promise<Json> {
  const shown = await navigator.credentials.get({
    publicKey: {
      ...(options as unknown as PublicKeyCredentialRequestOptions),
      challenge: bytesOf(options.challenge),
      allowCredentials: described(options.allowCredentials),
    },
  });
  const credential = shown as PublicKeyCredential;
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    ...named(credential),
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      authenticatorData: textOf(response.authenticatorData),
      signature: textOf(response.signature),
      userHandle: response.userHandle ? textOf(response.userHandle) : null,
    },
  };
}

const named = (credential: PublicKeyCredential): Json => ({
  id: credential.id,
  rawId: textOf(credential.rawId),
  type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment,
  clientExtensionResults: credential.getClientExtensionResults(),
});
