/** Filled in by build/service-worker.ts. */
declare const __FILES__: string[];
declare const __VERSION__: string;
/** The sentence "push.read", by language. */
declare const __READ__: Record<string, string>;
/** The sentence "push.fallback", by language. */
declare const __FALLBACK__: Record<string, string>;
/** Chromium's own so far. */
interface ExtendableEvent {
  addRoutes?(routes: readonly object[]): Promise<void>;
}
