/** How somebody signs in, for the screens about it: not part of the app's first load, and nothing of it is kept here. */
export { doors, factors, proof, type Consent, type Device, type Factor, type LogLine } from "../api/factors";
export { canPasskeys } from "../api/webauthn";
export { OtherAccount } from "./enter";
