import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives all tests a directory for temporary files, and removes it with whatever they left there. */
export function setup(): () => void {
  // Node's compiled files are worth keeping for the next run.
  process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "node-compile-cache");
  const before = process.env.TMPDIR;
  const directory = mkdtempSync(join(tmpdir(), "bw-test-"));
  // The image's ordinary user starts programs below it.
  chmodSync(directory, 0o711);
  process.env.TMPDIR = directory;
  return () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
}
