import { execFile } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

export type Step = { instruction: string; rest: string };

/** The steps of a Dockerfile: comments left out, continued lines joined. */
export function readDockerfile(text: string): Step[] {
  return text
    .split("\n")
    .filter((line) => !/^\s*#/.test(line))
    .join("\n")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => /^(\w+)\s+(.*)$/.exec(line.trim()))
    .flatMap((result) => (result ? [{ instruction: result[1]!, rest: result[2]! }] : []));
}

/** What a `.dockerignore` of plain names leaves in the build's context: everything that a line with `!` takes back in. */
export function inContext(dockerignore: string, path: string): boolean {
  const lines = dockerignore.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const strange = lines.find((line) => !/^(\*|![\w./-]+)$/.test(line));
  if (strange) throw new Error(`.dockerignore: this test does not know what "${strange}" means`);
  if (!lines.includes("*")) return true;
  return lines.some((line) => line === `!${path}` || path.startsWith(`${line.slice(1)}/`));
}

export type Image = {
  /** Is used as `/` of the image. */
  root: string;
  workdir: string;
  env: Record<string, string>;
  user: string;
  /** What was run while it was made. */
  ran: string[];
  command: string[];
  healthcheck: string[];
  remove(): void;
};

type Stage = Omit<Image, "remove" | "ran">;

/**
 * Performs the steps of a Dockerfile in a temporary directory, without a container: each stage is a directory that
 * is used as its `/`. An instruction that is not known here fails, so that none is passed over silently.
 * @param context the directory that would be sent to the builder, through its `.dockerignore`
 */
export async function buildImage(steps: readonly Step[], context: string): Promise<Image> {
  const base = mkdtempSync(join(tmpdir(), "bw-image-"));
  // The ordinary user of the test must be able to reach it.
  chmodSync(base, 0o755);
  const remove = () => {
    makeWritable(base);
    rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  const stages = new Map<string, Stage>();
  const ran: string[] = [];
  let stage: Stage | undefined;
  try {
    for (const { instruction, rest } of steps) {
      if (instruction === "ARG") continue;
      if (instruction === "FROM") {
        const name = / AS (\w+)$/.exec(rest)?.[1] ?? String(stages.size);
        const root = join(base, name);
        mkdirSync(root);
        stage = { root, workdir: "/", env: {}, user: "root", command: [], healthcheck: [] };
        stages.set(name, stage);
        continue;
      }
      if (!stage) throw new Error(`${instruction} comes before FROM`);
      await perform(stage, { instruction, rest }, { context, stages, ran });
    }
    if (!stage) throw new Error("there is no FROM");
    return { ...stage, ran, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

async function perform(
  stage: Stage,
  { instruction, rest }: Step,
  { context, stages, ran }: { context: string; stages: Map<string, Stage>; ran: string[] },
): Promise<void> {
  switch (instruction) {
    case "WORKDIR":
      stage.workdir = rest;
      mkdirSync(join(stage.root, rest), { recursive: true });
      return;
    case "ENV": {
      const [, name = "", quoted, value = ""] = /^(\w+)=(?:"([^"]*)"|(\S*))$/.exec(rest) ?? [];
      stage.env[name] = quoted ?? value;
      return;
    }
    case "COPY":
      return copy(stage, rest, context, stages);
    case "RUN":
      ran.push(rest);
      return run(stage, rest);
    case "USER":
      stage.user = rest;
      return;
    case "CMD":
      stage.command = JSON.parse(rest) as string[];
      return;
    case "HEALTHCHECK":
      stage.healthcheck = JSON.parse(rest.replace(/^.*?CMD /, "")) as string[];
      return;
    case "EXPOSE":
    case "STOPSIGNAL":
      return;
    default:
      throw new Error(`this test does not know the instruction ${instruction}`);
  }
}

function copy(stage: Stage, rest: string, context: string, stages: Map<string, Stage>): void {
  const [, from, words = ""] = /^(?:--from=(\w+) )?(.*)$/.exec(rest) ?? [];
  const paths = words.split(/\s+/);
  const to = paths.pop() ?? "";
  const target = join(stage.root, to.startsWith("/") ? to : join(stage.workdir, to));
  const ignored = readFileSync(join(context, ".dockerignore"), "utf8");
  for (const path of paths) {
    if (from === undefined && !inContext(ignored, path))
      throw new Error(`.dockerignore keeps ${path}, which the Dockerfile copies, out of the build`);
    const source = join(from === undefined ? context : (stages.get(from)?.root ?? ""), path);
    const file = to.endsWith("/") ? join(target, path.split("/").at(-1)!) : target;
    mkdirSync(dirname(file), { recursive: true });
    // Nothing else is taken out of a stage that is not the last: thousands of files need not be there twice.
    if (from !== undefined) renameSync(source, file);
    else if (lstatSync(source).isDirectory())
      cpSync(source, file, { recursive: true, verbatimSymlinks: true });
    else copyFileSync(source, file);
  }
}

/** Runs a step by the shell, with paths from `/` taken below the stage's own root; npm asks its cache first. */
async function run(stage: Stage, command: string): Promise<void> {
  const words = command.replaceAll(/(?<=\s)\//g, `${stage.root}/`);
  await promisify(execFile)("/bin/sh", ["-c", words], {
    cwd: join(stage.root, stage.workdir),
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ""}`,
      NODE_ENV: "",
      npm_config_prefer_offline: "true",
      npm_config_loglevel: "error",
    },
    timeout: 540_000,
    maxBuffer: 10_000_000,
  });
}

/** Takes the right to write from everybody, as a read-only root file system does; what is made in `except` may stay. */
export function makeReadOnly(root: string, except: string): void {
  each(root, (path, mode) => path !== except && chmodSync(path, mode & ~0o222));
}

function makeWritable(root: string): void {
  each(root, (path, mode) => chmodSync(path, mode | 0o700));
}

/** Every file and directory, the directory itself before what it holds; links are left alone. */
function each(root: string, act: (path: string, mode: number) => unknown): void {
  const about = lstatSync(root, { throwIfNoEntry: false });
  if (!about || about.isSymbolicLink()) return;
  act(root, about.mode & 0o7777);
  if (about.isDirectory()) for (const name of readdirSync(root)) each(join(root, name), act);
}
