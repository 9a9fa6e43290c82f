import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where Linux keeps files in memory. */
const memory = "/dev/shm";
/** Far more than all tests write: most of it is the packages of the image. */
const enoughBytes = 4 * 2 ** 30;

/**
 * Gives all tests a directory for temporary files, and removes it with whatever they left there. In memory, where that
 * can be: Redis waits for the disk after each write, which is the larger part of many tests and says nothing.
 */
export function setup(): () => void {
  // Node's compiled files are worth keeping for the next run.
  process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "node-compile-cache");
  const before = process.env.TMPDIR;
  const directory = (before === undefined && inMemory()) || mkdtempSync(join(tmpdir(), "bw-test-"));
  // The image's ordinary user starts programs below it.
  chmodSync(directory, 0o711);
  process.env.TMPDIR = directory;
  return () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
}

/** A directory in memory; undefined where there is no room, or where no program can be started from it. */
function inMemory(): string | undefined {
  let directory: string | undefined;
  try {
    const { bavail, bsize } = statfsSync(memory);
    if (bavail * bsize < enoughBytes) return undefined;
    directory = mkdtempSync(join(memory, "bw-test-"));
    const program = join(directory, "program");
    writeFileSync(program, "#!/bin/sh\nexit 0\n", { mode: 0o700 });
    if (spawnSync(program).status === 0) return directory;
  } catch {
    // No such place on this system, or not for this user.
  }
  if (directory) rmSync(directory, { recursive: true, force: true });
  return undefined;
}
