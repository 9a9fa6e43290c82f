/**
 * Makes a fresh clone ready to run, and says what it does: packages, the pinned Node, a Redis server. Plain JavaScript
 * without dependencies, because it runs on whatever Node (20 or newer) the machine has.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync, statSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** The Node that everything runs on, brought by the npm package of that name. */
export const pinnedNode = join(
  root,
  "node_modules",
  "node",
  "bin",
  process.platform === "win32" ? "node.exe" : "node",
);

/**
 * Installs what is missing; a few file checks where nothing is.
 * @param {{ redis: boolean }} needs whether a Redis server has to be there
 */
export function setUp({ redis }) {
  if (packagesAreStale()) installPackages();
  if (!exists(pinnedNode)) installPinnedNode();
  if (redis && !onPath("redis-server") && !onPath("valkey-server")) installRedis();
}

/** Ends with what has to be done by hand. */
function giveUp(sentence) {
  say(sentence);
  process.exit(1);
}

function say(sentence) {
  console.error(`set-up: ${sentence}`);
}

/** npm writes this file last: it is older than the lock file where the packages belong to another version. */
function packagesAreStale() {
  const installed = modified(join(root, "node_modules", ".package-lock.json"));
  return installed === undefined || installed < (modified(join(root, "package-lock.json")) ?? 0);
}

/**
 * npm of an old Node warns that packages want a newer one; they get it, with the pinned Node. `npm ci` refuses a lock
 * file that lacks packages for other systems, as one does that was made behind a registry without them; `npm install`
 * keeps to the same versions, and `--no-save` to the same lock file.
 */
function installPackages() {
  const quietly = ["--no-audit", "--no-fund", "--loglevel=error"];
  say("installing the packages (npm ci) …");
  const started = Date.now();
  if (run("npm", ["ci", ...quietly], root, true)) return;
  if (Date.now() - started >= longestMs) {
    // A download may hang without an error; what came so far is in npm's cache.
    say("that took too long; once more …");
    if (run("npm", ["ci", ...quietly], root, true)) return;
  }
  say("npm ci failed; trying npm install …");
  if (run("npm", ["install", "--no-save", ...quietly])) return;
  giveUp("the packages could not be installed; see npm's message above. Run it again by hand: npm install");
}

/**
 * The package `node` brings its binary with an install script, which npm 11 and newer run only for packages that are
 * allowed to; and scripts may be switched off altogether. The script is then run here.
 */
function installPinnedNode() {
  const version = JSON.parse(
    readFileSync(join(root, "node_modules", "node", "package.json"), "utf8"),
  ).version;
  say(`installing Node ${version} for this project …`);
  const ran = run(process.execPath, ["installArchSpecificPackage.js"], join(root, "node_modules", "node"));
  if (!ran || !exists(pinnedNode)) {
    giveUp(`Node ${version} could not be installed. Run: npm rebuild node --foreground-scripts`);
  }
  // npm links only what is there at its time.
  const link = join(root, "node_modules", ".bin", "node");
  if (process.platform !== "win32" && !exists(link)) symlinkSync(join("..", "node", "bin", "node"), link);
}

/** Package managers, with the commands that install a Redis server without asking. */
const managers = [
  {
    name: "apt-get",
    needsRoot: true,
    packages: ["redis-server"],
    before: ["update", "-qq"],
    install: ["install", "-y", "-qq", "--no-install-recommends"],
  },
  { name: "dnf", needsRoot: true, packages: ["valkey", "redis"], install: ["install", "-y", "-q"] },
  { name: "apk", needsRoot: true, packages: ["redis", "valkey"], install: ["add", "--no-cache"] },
  { name: "brew", needsRoot: false, packages: ["redis"], install: ["install", "--quiet"] },
];

function installRedis() {
  const manager = managers.find(({ name }) => onPath(name));
  const byHand =
    "install redis-server or valkey-server by hand, or set REDIS_URL to a Redis that is there already";
  if (!manager) giveUp(`there is no Redis server, and no package manager that I know; ${byHand}.`);
  const { name, needsRoot, packages, before, install } = manager;
  const prefix = !needsRoot || process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const command = [...(prefix.length > 0 ? ["sudo"] : []), name, ...install, packages[0]].join(" ");
  if (prefix.length > 0 && !run("sudo", ["-n", "true"], root, true)) {
    giveUp(`there is no Redis server, and I may not install one. Run: ${command} — or ${byHand}.`);
  }
  say(`installing a Redis server (${command}) …`);
  // Debian would start a service of its own; the bot starts a private one instead. `env` carries this through sudo.
  const quietly = ["env", "RUNLEVEL=1", "DEBIAN_FRONTEND=noninteractive", name];
  const [program, ...rest] = [...prefix, ...quietly];
  if (before) run(program, [...rest, ...before]);
  const installed = packages.some((one) => run(program, [...rest, ...install, one]));
  if (!installed || !(onPath("redis-server") || onPath("valkey-server"))) {
    giveUp(`the Redis server could not be installed. Run: ${command} — or ${byHand}.`);
  }
}

/** A command that is still at it after this hangs: a second try has what the first one brought. */
const longestMs = 5 * 60_000;

/** Output goes to stderr, so that stdout is the program's own. */
function run(command, args, cwd = root, silent = false) {
  const shown = silent ? "ignore" : 2;
  return (
    spawnSync(command, args, {
      cwd,
      stdio: ["ignore", shown, shown],
      shell: process.platform === "win32",
      timeout: longestMs,
    }).status === 0
  );
}

function onPath(name) {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .some((folder) => folder !== "" && exists(join(folder, name)));
}

function exists(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
