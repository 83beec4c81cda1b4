/** The camera's plain mathematics. Loaded only when a picture is taken, measured or compared: import it lazily. */
export { alignment, type Similarity } from "./alignment";
export { coinsOf, CURRENCIES, type Coin, type Currency } from "./coins";
export { flatOf, type Flat } from "./flat";
export { greyFrom } from "./grey";
export { findMarker, paperIn } from "./marker";
export { measure, together } from "./measure";
export { planeFromCard, planeFromCoin, planeFromMarker, planeFromRuler } from "./planes";
export { quality, type Fault, type Quality } from "./quality";
export type { Found, FoundSquare, Grey, Measured, Pair, Plane, Point, Reason, Reference, Refused, Shot } from "./types";
