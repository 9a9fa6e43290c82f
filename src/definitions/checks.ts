import { z } from "zod";
import { accessLevels } from "../domain/access.ts";
import { scheduleNames, topics } from "../domain/topics.ts";

/** The kinds of definition, which are the names of their folders. */
export const kinds = ["commands", "jobs", "notifiers", "scenarios"] as const;
export type Kind = (typeof kinds)[number];

/** A problem says what to write: `hint` is in the message of the schema that fails. */
const sentence = (hint: string) => z.string(`write ${hint}`).trim().min(1, `write ${hint}`);
const run = (hint: string) => z.custom((value) => typeof value === "function", `write ${hint}`);
const schema = (hint: string) =>
  z.custom((value) => typeof (value as z.ZodType | undefined)?.safeParse === "function", `write ${hint}`);
const both = <Schema extends z.ZodType>(side: Schema, hint: string) =>
  z.object({ en: side, ja: side }, `write ${hint}`);
const summary = both(
  z.looseObject({ summary: sentence('a summary: { summary: "…" }') }, 'write { summary: "…" }'),
  'texts: { en: { summary: "…" }, ja: { summary: "…" } }',
);
const quoted = (words: readonly string[]) => words.map((word) => `"${word}"`).join(", ");
const said = both(sentence("a sentence"), '{ en: "…", ja: "…" }');

const access = z.enum(accessLevels, `write access: one of ${accessLevels.join(", ")}`);
const effect = z.object({ changes: said, undo: said, confirm: z.boolean() });

const command = z.looseObject({
  texts: summary,
  examples: z
    .array(sentence("a command line"), 'write examples: ["NAME …"], each a line that works')
    .min(1, 'write at least one example: examples: ["NAME …"]'),
  arguments: schema("arguments: z.object({ … }), empty where it takes none").refine(
    (value) => typeof (value as z.ZodObject | undefined)?.shape === "object",
    "write arguments: z.object({ … })",
  ),
  positional: z.array(z.string()).optional(),
  access,
  effect: z.union(
    [z.literal("none"), effect],
    'write effect: "none", or { changes: { en, ja }, undo: { en, ja }, confirm: true | false }',
  ),
  changing: z
    .record(z.string(), z.object({ access, effect }), "write changing: { FLAG: { access, effect } }")
    .optional(),
  shows: z.enum(["message", "modal"]).optional(),
  hidden: z.boolean().optional(),
  run: run("async run(args, ports, invocation) { … }"),
});

const job = z.looseObject({
  texts: summary,
  payload: schema("payload: z.object({ … })"),
  schedule: z
    .union(
      [z.enum(scheduleNames), z.object({ cron: sentence("a cron line") })],
      `write schedule: ${quoted(scheduleNames)} or { cron: "…" }, or leave it out`,
    )
    .optional(),
  retries: z.number("write retries: a number").int().min(0),
  run: run("async run(payload, ports, run) { … return done(); }"),
});

const topicNames = [...topics, "admin", "direct"] as const;
const notifier = z.looseObject({
  texts: summary,
  topic: z.enum(topicNames, `write topic: one of ${quoted(topicNames)}`),
  event: schema("event: z.object({ … })"),
  filters: z.array(
    z.enum(["severity", "scope", "state"]),
    'write filters: [], or some of "severity", "scope", "state"',
  ),
  key: run("key: (event) => …, the same for the same notification"),
  at: run("at: (event) => …, the ISO time of the event"),
  keptDays: z.number("write keptDays: a number of days, or leave it out").positive().optional(),
  render: run("render(event, context) { … }"),
});

/** A list, or a function of the run that makes one. */
const perRun = (item: z.ZodType, hint: string) =>
  z.union([z.array(item), z.custom((value) => typeof value === "function")], `write ${hint}`);

const scenario = z.looseObject({
  texts: both(
    z.looseObject({
      summary: sentence("a summary"),
      happens: sentence("what happens"),
      cannotTell: sentence("what it cannot tell"),
    }),
    "texts: { en: { summary, happens, cannotTell }, ja: { … } }",
  ),
  tactics: z.array(z.string(), 'write tactics: ["…"]'),
  target: z.enum(
    ["cluster", "registry", "subscription"],
    'write target: "cluster", "registry" or "subscription"',
  ),
  needs: z.looseObject({}, "write needs: { sensor, extensions, linuxNodes }"),
  creates: z.array(
    z.looseObject({ kind: sentence("a kind"), name: sentence("a name"), why: said }),
    "write creates: [ … ]",
  ),
  rights: z.array(z.looseObject({}), "write rights: [{ apiGroup, resource, verbs }]"),
  nodes: said,
  outside: said.optional(),
  minutes: z.number("write minutes: how long what it creates may live").positive(),
  manifests: run("manifests: (run) => [ … ]"),
  steps: perRun(z.looseObject({ kind: z.string() }), "steps: [ … ], or (run) => [ … ]"),
  expects: perRun(
    z.looseObject({ kind: z.enum(["alert", "finding", "recommendation"]) }),
    'expects: [{ kind: "alert" | "finding" | "recommendation", … }], or (run) => [ … ]',
  ),
  cleanUp: z.enum(["after-steps", "after-verdict"], 'write cleanUp: "after-steps" or "after-verdict"'),
  undo: said,
});

export const definitionSchemas: Record<Kind, z.ZodType> = {
  commands: command,
  jobs: job,
  notifiers: notifier,
  scenarios: scenario,
};

/** What no schema can say: fields that must fit each other. Problems as sentences that say what to write. */
export function contradictions(kind: Kind, name: string, definition: Record<string, unknown>): string[] {
  if (kind === "notifiers") {
    const needs = { severity: "severity", scope: "place", state: "dismissed" } as const;
    const filters = (definition.filters as (keyof typeof needs)[])
      .filter((filter) => typeof definition[needs[filter]] !== "function")
      .map((filter) => `filters names "${filter}": write ${needs[filter]}: (event) => …`);
    const lost = definition.topic === "direct" && typeof definition.channel !== "function";
    return lost ? [...filters, 'topic is "direct": write channel: (event) => …'] : filters;
  }
  if (kind !== "commands") return [];
  const keys = Object.keys((definition.arguments as z.ZodObject).shape);
  const strange = ((definition.positional ?? []) as string[])
    .filter((key) => !keys.includes(key))
    .map((key) => `positional names "${key}": write one of ${keys.join(", ") || "the keys of arguments"}`);
  const flags = Object.keys((definition.changing ?? {}) as object)
    .filter((key) => !keys.includes(key))
    .map((key) => `changing names "${key}": write one of ${keys.join(", ") || "the keys of arguments"}`);
  const foreign = (definition.examples as string[])
    .filter((line) => line.trim().split(/\s/)[0] !== name)
    .map((line) => `the example "${line}" does not begin with "${name}": write "${name} …"`);
  return [...strange, ...flags, ...foreign];
}
