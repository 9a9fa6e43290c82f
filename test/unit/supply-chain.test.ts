import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

const manifest = JSON.parse(read("package.json")) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: { node: string };
};
type Locked = { version: string; link?: boolean; integrity?: string; dev?: boolean };
const locked = Object.entries(
  (JSON.parse(read("package-lock.json")) as { packages: Record<string, Locked> }).packages,
)
  .filter(([path, { link }]) => path.startsWith("node_modules/") && !link)
  .map(([path, entry]) => ({ name: path.slice(path.lastIndexOf("node_modules/") + 13), ...entry }));

/** The keys that the workflow syntax has for what is used here [docs.github.com, Workflow syntax for GitHub Actions]. */
const level = z.enum(["read", "write", "none"]);
const permissions = z
  .strictObject({ contents: level, packages: level, "id-token": level, attestations: level })
  .partial();
const stepAttributes = { name: z.string().optional(), env: z.record(z.string(), z.string()).optional() };
const step = z.union([
  z.strictObject({
    ...stepAttributes,
    uses: z.string(),
    with: z.record(z.string(), z.union([z.string(), z.boolean()])).optional(),
  }),
  z.strictObject({ ...stepAttributes, run: z.string(), shell: z.string().optional() }),
]);
const workflowShape = z.strictObject({
  name: z.string(),
  on: z.strictObject({
    push: z
      .strictObject({ branches: z.array(z.string()), tags: z.array(z.string()) })
      .partial()
      .optional(),
    pull_request: z.null().optional(),
  }),
  permissions,
  concurrency: z.strictObject({ group: z.string(), "cancel-in-progress": z.boolean() }).optional(),
  jobs: z.record(
    z.string().regex(/^[_a-z][\w-]*$/i),
    z.strictObject({
      "runs-on": z.string().regex(/^ubuntu-\d\d\.04$/),
      "timeout-minutes": z.number(),
      needs: z.string().optional(),
      permissions: permissions.optional(),
      env: z.record(z.string(), z.string()).optional(),
      steps: z.array(step).min(1),
    }),
  ),
});

const folder = ".github/workflows";
const workflows = readdirSync(join(root, folder)).map((file) => ({
  file,
  text: read(`${folder}/${file}`),
  ...workflowShape.parse(parse(read(`${folder}/${file}`))),
}));
const steps = workflows.flatMap(({ jobs }) => Object.values(jobs).flatMap((job) => job.steps));
const commands = steps.flatMap((one) => ("run" in one ? [one.run] : []));

it("knows every package from outside by its content", () => {
  expect(locked.length).toBeGreaterThan(200);
  expect(locked.filter(({ integrity }) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ""))).toEqual([]);
});

it("names every package by an exact version", () => {
  const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(ranges.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

it("pins every image by tag and digest", () => {
  const pinned = /^[a-z/]+:[\w.-]+@sha256:[0-9a-f]{64}$/;
  const compose = parse(read("docker/compose.yaml")) as {
    services: Record<string, { image: string; build?: object }>;
  };
  const pulled = Object.values(compose.services).filter(({ build }) => !build);
  expect(pulled.length).toBeGreaterThan(0);
  for (const { image } of pulled) expect(image).toMatch(pinned);
  const dockerfile = read("docker/Dockerfile");
  const bases = [...dockerfile.matchAll(/^ARG \w+_IMAGE=(\S+)$/gm)].map(([, image]) => image);
  expect(bases.length).toBeGreaterThan(0);
  for (const base of bases) expect(base).toMatch(pinned);
  for (const [, from] of dockerfile.matchAll(/^FROM (\S+)/gm)) expect(from).toMatch(/^\$\{\w+_IMAGE\}$/);
});

it("pins every action by its commit, and says which version that is", () => {
  const used = workflows.flatMap(({ text }) =>
    [...text.matchAll(/^\s*(?:- )?uses: *(.*)$/gm)].map(([, rest]) => rest),
  );
  expect(used.length).toBeGreaterThan(0);
  for (const action of used) expect(action).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

it("runs the workflows with Node's one version, and with commands that exist", () => {
  for (const one of steps) {
    if (!("uses" in one) || !one.uses.startsWith("actions/setup-node@")) continue;
    expect(one.with).toEqual({ "node-version": manifest.devDependencies.node });
  }
  const scripts = commands.flatMap((line) =>
    [...line.matchAll(/\bnpm (?:run (?:--silent )?)?([\w:]+)/g)].map(([, script]) => script),
  );
  expect(scripts).toEqual(expect.arrayContaining(["check", "test", "demo", "sbom"]));
  for (const script of scripts) expect(manifest.scripts).toHaveProperty(script!);
});

it("lets a workflow do no more than its job needs, and hands it no text that a stranger writes", () => {
  const reads = { contents: "read" };
  const allowed: Record<string, object> = {
    "check.yml": { check: reads, test: reads, image: reads },
    "release.yml": { image: { ...reads, packages: "write" }, sbom: { contents: "write" } },
  };
  expect(workflows.map(({ file }) => file).sort()).toEqual(Object.keys(allowed));
  for (const { file, permissions: all, jobs, text } of workflows) {
    const released = Object.entries(jobs).map(([job, { permissions: own }]) => [job, own ?? all]);
    expect(Object.fromEntries(released)).toEqual(allowed[file]);
    expect(text).not.toMatch(/pull_request_target|secrets\./);
  }
  // An expression in a script is put in before the shell sees it.
  expect(commands.filter((line) => line.includes("${{"))).toEqual([]);
  for (const one of steps)
    if ("uses" in one && one.uses.startsWith("actions/checkout@"))
      expect(one.with).toEqual({ "persist-credentials": false });
});

it("builds a release's image with its provenance and its contents", () => {
  const build = commands.find((line) => line.includes("docker buildx build"));
  expect(build).toMatch(/--provenance=mode=max\b/);
  expect(build).toMatch(/--sbom=true\b/);
  expect(build).toContain("--file docker/Dockerfile");
});

it("lists every package in the SBOM, with its hash, and marks those of development", () => {
  const document = execFileSync("npm", ["run", "--silent", "sbom"], { cwd: root, encoding: "utf8" });
  const property = z.object({ name: z.string(), value: z.string() });
  const bom = z
    .object({
      bomFormat: z.literal("CycloneDX"),
      specVersion: z.string().regex(/^1\.[5-9]$/),
      serialNumber: z.string().regex(/^urn:uuid:[0-9a-f-]{36}$/),
      metadata: z.object({ component: z.object({ "bom-ref": z.string(), purl: z.string() }) }),
      components: z.array(
        z.object({
          "bom-ref": z.string(),
          purl: z.string().startsWith("pkg:npm/"),
          hashes: z.array(z.object({ alg: z.literal("SHA-512"), content: z.string() })).length(1),
          properties: z.array(property),
        }),
      ),
      dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })),
    })
    .parse(JSON.parse(document));
  const listed = bom.components.map(({ "bom-ref": ref, hashes, properties }) => {
    const development = properties.some(({ name }) => name === "cdx:npm:package:development");
    return `${ref} ${hashes[0]!.content} ${development}`;
  });
  const hex = (integrity = "") => Buffer.from(integrity.slice("sha512-".length), "base64").toString("hex");
  const wanted = locked.map(
    ({ name, version, integrity, dev = false }) => `${name}@${version} ${hex(integrity)} ${dev}`,
  );
  expect([...new Set(listed)].sort()).toEqual([...new Set(wanted)].sort());
  const own = bom.dependencies.find(({ ref }) => ref === bom.metadata.component["bom-ref"])?.dependsOn;
  const direct = Object.entries(manifest.dependencies).map(([name, version]) => `${name}@${version}`);
  expect(own).toEqual(expect.arrayContaining(direct));
});

it("has its updates proposed for everything that is pinned, some days after their release", () => {
  // The keys that Renovate has for what is used here [docs.renovatebot.com, Configuration Options].
  const renovate = z
    .strictObject({
      $schema: z.literal("https://docs.renovatebot.com/renovate-schema.json"),
      extends: z.array(z.string()),
      enabledManagers: z.array(z.string()),
      rangeStrategy: z.literal("pin"),
      minimumReleaseAge: z.string().regex(/^\d+ days$/),
      schedule: z.array(z.string()),
      packageRules: z.array(
        z.strictObject({
          description: z.string().optional(),
          matchManagers: z.array(z.string()).optional(),
          matchDepNames: z.array(z.string()).optional(),
          matchDepTypes: z.array(z.string()).optional(),
          matchUpdateTypes: z.array(z.enum(["major", "minor", "patch", "digest", "pin"])).optional(),
          allowedVersions: z.string().optional(),
          groupName: z.string().optional(),
          enabled: z.boolean().optional(),
        }),
      ),
    })
    .parse(JSON.parse(read("renovate.json")));
  expect(renovate.extends).toEqual(
    expect.arrayContaining(["docker:pinDigests", "helpers:pinGitHubActionDigests"]),
  );
  const grouped = renovate.packageRules.flatMap(({ matchManagers, groupName }) =>
    groupName ? (matchManagers ?? []) : [],
  );
  expect(grouped.sort()).toEqual(["docker-compose", "dockerfile", "github-actions", "npm"]);
  expect(renovate.enabledManagers.toSorted()).toEqual(grouped);
});
