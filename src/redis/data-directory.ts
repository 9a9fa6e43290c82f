import { createHash } from "node:crypto";
import { accessSync, constants, lstatSync, mkdirSync, realpathSync, unlinkSync } from "node:fs";
import { createServer, connect as dial, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../errors.ts";

/** Longest path of a Unix socket that every system takes (macOS: 104 bytes with the closing zero). */
const longestSocketPath = 100;

/**
 * Makes the directory of the private Redis, for this user alone, and answers its real path.
 * @throws ConfigError where it can't be made or written
 */
export function privateDirectory(dataDir: string): string {
  const path = join(dataDir, "redis");
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return realpathSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const where = "BREAKWATER_DATA_DIR";
    const problem = `${path} ${reasons[code] ?? "can't be used as a directory"} (${code})`;
    throw new ConfigError([
      { where, problem, allowed: "a directory that the bot may write in, or REDIS_URL" },
    ]);
  }
}

const reasons: Record<string, string> = {
  ENOTDIR: "is, or is in, a file and not a directory",
  EEXIST: "is, or is in, a file and not a directory",
  EACCES: "can't be written by this user",
  EPERM: "can't be written by this user",
  EROFS: "is on a read-only file system",
  ENOSPC: "is on a file system that is full",
};

/** A path for a Unix socket: in the directory, or, where that is too long, in a short private one. */
export function socketPath(directory: string, name: string): string {
  const path = join(directory, name);
  if (Buffer.byteLength(path) <= longestSocketPath) return path;
  const short = join(tmpdir(), `breakwater-${digest(directory).slice(0, 16)}`);
  mkdirSync(short, { recursive: true, mode: 0o700 });
  const about = lstatSync(short);
  // Anybody may write in the temporary directory: what is there must be ours alone.
  if (!about.isDirectory() || about.uid !== process.getuid?.() || (about.mode & 0o077) !== 0) {
    const problem = `its path is too long for a socket, and ${short} is not this user's alone`;
    throw new ConfigError([
      { where: "BREAKWATER_DATA_DIR", problem, allowed: "a shorter path, or REDIS_URL" },
    ]);
  }
  return join(short, name);
}

/**
 * Claims the directory for this process, for as long as it lives: the system gives the claim back even after
 * `kill -9`, because it is a listening socket.
 * @returns gives the claim back
 * @throws ConfigError where another living bot has it
 */
export async function claimDirectory(directory: string): Promise<() => void> {
  // Linux has names without files, which cannot be left behind; elsewhere a file is, and is asked who listens.
  const name =
    process.platform === "linux" ? `\0breakwater-${digest(directory)}` : socketPath(directory, "owner.sock");
  for (let attempt = 0; attempt < 2; attempt++) {
    const server = await listening(name);
    if (server) return () => void server.close();
    if (name.startsWith("\0") || (await somebodyListens(name))) break;
    unlinkSync(name);
  }
  const problem = `another Breakwater that is running uses ${directory}`;
  const allowed =
    "one bot for each directory; to run several on the same data, set REDIS_URL for all of them";
  throw new ConfigError([{ where: "BREAKWATER_DATA_DIR", problem, allowed }]);
}

function listening(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy());
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen(name, () => resolve(server.unref()));
  });
}

function somebodyListens(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = dial(name);
    connection.once("connect", () => {
      connection.destroy();
      resolve(true);
    });
    connection.once("error", () => resolve(false));
  });
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
