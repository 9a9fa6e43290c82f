import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileOf, type Import, type SourceFile, sourceFiles } from "../source-files.ts";

const definitionFolders = ["commands", "jobs", "notifiers", "scenarios"];
/** What a definition may use besides what is beside it. */
const forDefinitions = ["definitions", "ports", "domain", "message", "locales", "errors"];

/**
 * Who may import whom: the table of the design, section 1, and a row for each room that came later. A room is a folder
 * of `src/`, or a file that lies there alone.
 */
const mayImport: Record<string, readonly string[]> = {
  // The rooms of the design.
  text: [],
  domain: [],
  ports: ["domain", "message"],
  message: ["domain", "locales"],
  definitions: ["ports", "domain", "message", "locales", "errors"],
  dispatch: ["ports", "definitions", "domain", "message", "locales", "errors"],
  publish: ["ports", "definitions", "domain"],
  simulations: ["approvals", "ports", "definitions", "domain", "errors"],
  azure: ["ports", "domain", "errors"],
  kubernetes: ["ports", "domain", "errors"],
  redis: ["ports", "errors"],
  store: ["ports", "domain", "errors", "redis"],
  queue: ["ports", "errors", "redis"],
  slack: ["ports", "domain", "message", "locales", "errors"],
  locales: [],
  settings: ["domain", "errors"],
  process: ["ports", "domain"],
  errors: [],
  main: ["build", "settings", "errors", "process", "redis", "queue", "domain"],
  commands: [...forDefinitions, "alerts", "approvals", "enablement", "exemptions", "readings", "simulations"],
  // `publish` takes the shape of each reading.
  jobs: [
    ...forDefinitions,
    "alerts",
    "approvals",
    "enablement",
    "exemptions",
    "readings",
    "simulations",
    "publish",
  ],
  notifiers: forDefinitions,
  scenarios: forDefinitions,
  // The way from Azure to events: everything that it touches comes in by ports.
  alerts: ["ports", "definitions", "domain", "errors"],
  // The rules of an approval, whatever is approved.
  approvals: ["ports", "domain"],
  // Suppressions and exemptions, from the request to their end.
  exemptions: ["approvals", "readings", "ports", "definitions", "domain", "errors"],
  // What `enable` asks for, from the request to the evidence.
  enablement: ["approvals", "readings", "ports", "definitions", "domain", "errors"],
  // What commands and jobs read of the whole estate and of Slack's channels, whoever asks.
  readings: ["ports", "definitions", "alerts", "domain", "errors", "message"],
};

/** Types only, beside the rows above: a definition's shape is known to who runs it. */
const mayImportTypes: Record<string, readonly string[]> = {
  queue: ["definitions", "domain"],
  slack: ["definitions", "dispatch"],
};

/** Who may import which package; no one may import any other. */
const packages: Record<string, readonly string[]> = {
  "@azure/arm-resourcegraph": ["azure"],
  "@azure/arm-security": ["azure"],
  "@azure/container-registry": ["azure"],
  "@azure/core-rest-pipeline": ["azure"],
  "@azure/identity": ["azure"],
  "@kubernetes/client-node": ["kubernetes"],
  "@slack/bolt": ["slack"],
  "@slack/types": ["slack"],
  "@slack/web-api": ["slack"],
  bullmq: ["queue"],
  "cron-parser": ["queue"],
  i18next: ["locales"],
  ioredis: ["redis", "store", "queue"],
  luxon: ["queue"],
  "node-cron": ["queue"],
  "p-map": ["text"],
  "p-timeout": ["azure", "commands", "process", "readings", "slack"],
  pino: ["process"],
  "prom-client": ["process"],
  yaml: ["settings", "kubernetes"],
  zod: [
    "ports",
    "settings",
    "definitions",
    "store",
    "slack",
    "message",
    "dispatch",
    "publish",
    ...definitionFolders,
  ],
};

/** Leaf functions that depend on nothing of ours: every room may use them. */
const leaf = "text";

/** What may be read from outside `src/`: the version, for the name that Azure gets. */
const outside: Record<string, readonly string[]> = { azure: ["../package.json"] };

const files = sourceFiles(join(import.meta.dirname, "..", "..", "src"));

describe("the imports of src/", () => {
  it("keep to the arrows of the design", () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap(forbiddenImports)).toEqual([]);
  });

  it("run in no circle", () => {
    // A command receives every definition, itself included: `help` lists them.
    const own = "definitions/load.ts → definitions/command.ts → definitions/ports.ts → definitions/load.ts";
    expect(circles(files)).toEqual([own]);
  });

  it("are distinguished by this test: a shape, a value, a package, a definition, and what lies outside", () => {
    const text = `
      import type { Ports } from "../ports.ts";
      import { Redis } from "ioredis";
      import { a, type B } from "../slack/a.ts";
      import status from "../commands/status.ts";
      import type { World } from "../../playground/world.ts";
      const later = () => import("../azure/b.ts");
      type C = import("../notifiers/c.ts").C;`;
    expect(forbiddenImports(fileOf("domain/x.ts", text))).toEqual([
      "domain/x.ts → (type) ports.ts",
      "domain/x.ts → ioredis",
      "domain/x.ts → slack/a.ts",
      "domain/x.ts → commands/status.ts",
      "domain/x.ts → (type) ../playground/world.ts",
      "domain/x.ts → azure/b.ts",
      "domain/x.ts → (type) notifiers/c.ts",
    ]);
  });
});

describe("the files of src/", () => {
  it("leave the environment and the end of the process to main.ts", () => {
    const touching = files.filter(({ program }) =>
      /\bprocess\s*\.\s*(env|exit|exitCode|abort)\b|from\s*["'](node:)?process["']/.test(program),
    );
    expect(touching.map(({ path }) => path)).toEqual(["main.ts"]);
  });

  it("have a default export where, and only where, a definition is", () => {
    const wrong = files.filter(
      ({ path, program }) => isDefinition(path) !== /^export default\b|\bas default\b/m.test(program),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it("hand on nothing of other files", () => {
    const barrels = files.filter(({ program }) => /^\s*export\s*(\*|\{[^}]*\}\s*from)/m.test(program));
    expect(barrels.map(({ path }) => path)).toEqual([]);
  });

  it("have at most 250 lines", () => {
    const long = files.map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }));
    expect(long.filter(({ lines }) => lines > 250)).toEqual([]);
  });

  it("have names that say what is in them", () => {
    const vague = files.filter(({ path }) =>
      path.split("/").some((part) => /^(utils?|helpers?|commons?|misc|lib)(\.ts)?$/i.test(part)),
    );
    expect(vague.map(({ path }) => path)).toEqual([]);
  });

  it("do not know that there are stand-ins for Azure and Slack", () => {
    const knowing = files.filter(({ text }) => /playground|\bmock|\bfake|\bstubs?\b|stand-in/i.test(text));
    expect(knowing.map(({ path }) => path)).toEqual([]);
  });
});

function roomOf(path: string): string {
  return path.includes("/") ? path.split("/", 1)[0]! : path.replace(/\.ts$/, "");
}

/** A file of one of the four folders that is a definition: named after it, or the index of a folder of its name. */
function isDefinition(path: string): boolean {
  const [folder = "", name = "", file] = path.split("/");
  return (
    definitionFolders.includes(folder) &&
    (file === undefined ? name.endsWith(".ts") : /^[^/]+\/[^/]+\/index\.ts$/.test(path))
  );
}

function forbiddenImports(file: SourceFile): string[] {
  const room = roomOf(file.path);
  if (room !== "build" && !mayImport[room])
    return [`${file.path}: the room "${room}" has no row in this table`];
  return file.imports
    .filter((one) => !allowed(file.path, one))
    .map(({ to, type }) => `${file.path} → ${type ? "(type) " : ""}${to}`);
}

function allowed(path: string, { to, type }: Import): boolean {
  const room = roomOf(path);
  if (to.startsWith("node:")) return true;
  if (to.startsWith("../")) return outside[room]?.includes(to) ?? false;
  if (packages[to]) return packages[to].includes(room);
  if (!/\.(ts|json)$/.test(to)) return false;
  const target = roomOf(to);
  // A definition is a leaf: only what is in its own folder knows it, and the loader finds it by its place.
  if (definitionFolders.includes(target)) return definitionOf(to) === definitionOf(path);
  return (
    target === room ||
    target === leaf ||
    room === "build" ||
    mayImport[room]!.includes(target) ||
    (type && (mayImportTypes[room] ?? []).includes(target))
  );
}

function definitionOf(path: string): string {
  return path.split("/").slice(0, 2).join("/");
}

/** Circles of imports, those of types included, each once. */
function circles(all: readonly SourceFile[]): string[] {
  const byPath = new Map(all.map((file) => [file.path, file]));
  const done = new Set<string>();
  const result: string[] = [];
  const visit = (path: string, way: readonly string[]) => {
    const from = way.indexOf(path);
    if (from >= 0) result.push([...way.slice(from), path].join(" → "));
    if (from >= 0 || done.has(path)) return;
    for (const { to } of byPath.get(path)?.imports ?? []) visit(to, [...way, path]);
    done.add(path);
  };
  for (const { path } of all) visit(path, []);
  return result;
}
