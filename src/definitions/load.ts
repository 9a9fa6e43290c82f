import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ScenarioDefinition } from "../domain/simulations/scenario.ts";
import { ConfigError, type ConfigProblem } from "../errors.ts";
import { contradictions, definitionSchemas, type Kind, kinds } from "./checks.ts";
import type { CommandDefinition } from "./command.ts";
import type { JobDefinition } from "./job.ts";
import type { NotifierDefinition } from "./notifier.ts";

/** Everything that the folders hold, by name, in the order of the alphabet. */
export type Definitions = {
  commands: ReadonlyMap<string, CommandDefinition>;
  jobs: ReadonlyMap<string, JobDefinition>;
  notifiers: ReadonlyMap<string, NotifierDefinition>;
  scenarios: ReadonlyMap<string, ScenarioDefinition>;
};

type DefinitionFile = { name: string; file: string; place: string };
type Loaded = { name: string; definition: unknown } | { problems: ConfigProblem[] };

const singular: Record<Kind, string> = {
  commands: "command",
  jobs: "job",
  notifiers: "notifier",
  scenarios: "scenario",
};

/**
 * Reads the registry: the folders `commands`, `jobs`, `notifiers` and `scenarios` below `baseDir`. A file, or a folder
 * with `index.ts`, is one definition, and its name is the definition's name.
 * @throws ConfigError with every file that holds no valid definition, each with what to write
 */
export async function loadDefinitions(baseDir: string): Promise<Definitions> {
  const problems: ConfigProblem[] = [];
  const loadKind = async (kind: Kind): Promise<[Kind, Map<string, unknown>]> => {
    const definitionFiles = await findDefinitions(baseDir, kind, problems);
    const loaded = await Promise.all(definitionFiles.map((one) => loadOne(kind, one)));
    const registry = new Map<string, unknown>();
    for (const one of loaded) {
      if ("problems" in one) problems.push(...one.problems);
      else registry.set(one.name, one.definition);
    }
    return [kind, registry];
  };
  const registries = Object.fromEntries(await Promise.all(kinds.map(loadKind)));
  if (problems.length > 0) throw new ConfigError(problems);
  return registries as unknown as Definitions;
}

async function findDefinitions(
  baseDir: string,
  kind: Kind,
  problems: ConfigProblem[],
): Promise<DefinitionFile[]> {
  const folder = join(baseDir, kind);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [] as Dirent[]);
  const byName = new Map<string, DefinitionFile>();
  // A dot in front marks files of editors and systems.
  for (const entry of entries.filter((one) => !one.name.startsWith("."))) {
    const place = `${kind}/${entry.name}`;
    const name = entry.isDirectory() ? entry.name : entry.name.replace(/\.ts$/, "");
    const file = entry.isDirectory() ? join(folder, entry.name, "index.ts") : join(folder, entry.name);
    const problem = byName.has(name)
      ? `"${name}" is there twice; keep either ${name}.ts or ${name}/index.ts`
      : await misplaced(entry, name, file);
    if (problem) problems.push({ where: place, problem });
    else byName.set(name, { name, file, place: entry.isDirectory() ? `${place}/index.ts` : place });
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function misplaced(entry: Dirent, name: string, file: string): Promise<string | undefined> {
  if (!entry.isDirectory() && !entry.name.endsWith(".ts"))
    return "is no definition; move it to another folder";
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return "rename it: lower case letters, digits and hyphens";
  const there =
    entry.isFile() ||
    (await stat(file).then(
      (stats) => stats.isFile(),
      () => false,
    ));
  return there ? undefined : "has no index.ts; write the definition there";
}

async function loadOne(kind: Kind, { name, file, place }: DefinitionFile): Promise<Loaded> {
  const module = await import(pathToFileURL(file).href).then(
    (imported: { default?: unknown }) => ({ imported }),
    (error: unknown) => ({ error }),
  );
  if ("error" in module)
    return { problems: [{ where: place, problem: `cannot be imported: ${String(module.error)}` }] };
  const definition = module.imported.default;
  if (typeof definition !== "object" || definition === null) {
    const call = singular[kind];
    return {
      problems: [
        {
          where: place,
          problem: `write export default ${call}({ … }), with ${call} from src/definitions/${call}.ts`,
        },
      ],
    };
  }
  const checked = definitionSchemas[kind].safeParse(definition, { jitless: true });
  if (!checked.success) {
    const issues = checked.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    return { problems: issues.map((problem) => ({ where: place, problem })) };
  }
  const clashes = contradictions(kind, name, definition as Record<string, unknown>);
  if (clashes.length > 0) return { problems: clashes.map((problem) => ({ where: place, problem })) };
  return { name, definition };
}
