/** Placeholder until the desktop shell is written: a sandboxed preload that exposes nothing. */
export {};
