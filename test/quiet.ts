import type { Log } from "../src/ports/process.ts";

/** A log that says nothing. */
export const quiet: Log = { info() {}, warn() {}, error() {}, debug() {} };
