/** Filled in by build/service-worker.ts. */
declare const __SHELL__: string[];
declare const __VERSION__: string;
