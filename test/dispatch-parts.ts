import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { readAlerts } from "../src/alerts/read.ts";
import { loadHunts } from "../src/azure/hunts/load.ts";
import type { Caller } from "../src/definitions/command.ts";
import { type Definitions, loadDefinitions } from "../src/definitions/load.ts";
import type { Ports } from "../src/definitions/ports.ts";
import { dispatcher } from "../src/dispatch/dispatch.ts";
import type { Incoming, Source } from "../src/dispatch/incoming.ts";
import { rightsPort } from "../src/dispatch/rights.ts";
import type { Alert } from "../src/domain/alerts/alert.ts";
import type { Coverage } from "../src/domain/coverage/coverage.ts";
import type { HuntRow } from "../src/domain/hunts/hunts.ts";
import type { Read } from "../src/domain/reading/reading.ts";
import type { Assessment } from "../src/domain/recommendations/recommendation.ts";
import type { ClusterRef } from "../src/domain/simulations/simulation.ts";
import { UpstreamError } from "../src/errors.ts";
import type { Form, Message } from "../src/message/message.ts";
import type { Azure, ComplianceAzure, ExemptionAzure, SimulationAzure } from "../src/ports/azure.ts";
import type { EnablementAzure } from "../src/ports/enablement.ts";
import type { Chat, Person } from "../src/ports/slack.ts";
import type { Store } from "../src/ports/store.ts";
import { alertOf } from "./alerts.ts";
import { assessments, compliance, coverage } from "./dispatch-estate.ts";

export const now = "2026-11-23T08:00:00.000Z";
export const definitions: Definitions = await loadDefinitions(join(import.meta.dirname, "..", "src"));

/** The people of the workspace: an operator by name, one by group, a member, and a guest. */
export const people = {
  operator: "U0OPERATOR1",
  grouped: "U0GROUPED01",
  member: "U0MEMBER001",
  guest: "U0GUEST0001",
};
export const operatorsGroup = "S0OPERATORS";

export function read<T>(value: T, about: Partial<Read<T>> = {}): Read<T> {
  return { value, asOf: now, subscriptions: 2, unread: [], ...about };
}

export function refused(code: string): UpstreamError {
  return new UpstreamError(`Slack said ${code}`, { system: "slack", code, retryable: false });
}

/** The one cluster on which simulations may run. */
export const demoCluster: ClusterRef = {
  id: "/subscriptions/s1/resourceGroups/rg-demo/providers/Microsoft.ContainerService/managedClusters/aks-demo",
  name: "aks-demo",
  resourceGroup: "rg-demo",
  subscription: { id: "s1", name: "prod-east" },
  cluster: "aks-demo",
  private: false,
  tags: {},
};

/** What the person saw, in order. */
export type Shown =
  | { kind: "answer"; message: Message; private: boolean }
  | { kind: "working" | "post" | "modal"; message: Message }
  | { kind: "form"; form: Form }
  | { kind: "loading" };

export type Bench = {
  ports: Ports;
  alerts: Alert[];
  /** What was changed in Azure, published and logged, in order. */
  changes: string[];
  published: { notifier: string; events: unknown[] }[];
  errors: object[];
  /** Where set, nothing can be posted. */
  postFails?: Error;
  /** What a post answers that it had to leave out. */
  notPosted?: string[];
  counts: Record<string, string>[];
  /** Says a line, and answers what was shown. */
  say(
    line: string,
    about?: {
      source?: Source;
      person?: string;
      channel?: string;
      language?: "en" | "ja";
      stranger?: true | "unknown";
      triggers?: boolean;
    },
  ): Promise<Shown[]>;
};

/** Dispatch with every real part but the far sides: Slack and Azure are records that a test may replace piece by piece. */
export function benchOf(
  store: Store,
  change: { azure?: Partial<Ports["azure"]>; chat?: Partial<Chat>; ports?: Partial<Ports> } = {},
): Bench {
  const bench = { alerts: [alertOf("a1"), alertOf("a2", { severity: "high", sample: true })] } as Bench;
  Object.assign(bench, { changes: [], published: [], errors: [], counts: [] });
  const chat = { ...chatOf(), ...change.chat };
  const access = {
    operators: [people.operator, operatorsGroup],
    approvers: [people.operator],
    admin: "C0ADMIN0001",
  };
  bench.ports = {
    store,
    chat,
    azure: { ...azureOf(bench), ...change.azure },
    readings: readingsOf(() => bench.ports),
    rights: rightsPort(access, { ...chat, identityOf: async (id) => (await chat.person(id)).identity }),
    clock: { now: () => now },
    clusters: {
      async reach({ name }) {
        throw new UpstreamError(`${name} cannot be reached`, {
          system: "kubernetes",
          code: "ECONNREFUSED",
          retryable: true,
        });
      },
    },
    definitions,
    log: { info() {}, warn() {}, debug() {}, error: (about) => bench.errors.push(about) },
    metrics: {
      gauge() {},
      observe() {},
      count: (name, labels = {}) => name === "commands_total" && bench.counts.push(labels),
    },
    queue: { enqueue: async () => {}, counts: async () => ({ waiting: 0, failed: 0 }), late: async () => [] },
    publish: async (notifier, events) => {
      const definition = definitions.notifiers.get(notifier);
      bench.published.push({ notifier, events: events.map((event) => definition!.event.parse(event)) });
      return { recorded: events.length, updated: events.length, muted: 0 };
    },
    settings: {
      access,
      language: "en",
      schedules: { timezone: "UTC", rescan: "0 8 * * *" },
      azure: { portal: "https://portal.azure.com" },
      simulations: {
        clusters: ["aks-*"],
        refuseTags: ["environment=production"],
        namespace: "breakwater-simulation",
        verifyMinutes: 75,
        images: { attacker: "attacker:1", victim: "victim:1", busybox: "busybox:1" },
      },
    } as unknown as Ports["settings"],
    ...change.ports,
  } as Ports;
  const dispatch = dispatcher(bench.ports);
  bench.say = async (
    line,
    {
      source = "slash",
      person = people.operator,
      channel = "C0CHANNEL01",
      language = "en",
      triggers = true,
      stranger,
    } = {},
  ) => {
    const shown: Shown[] = [];
    const caller: Caller = {
      person,
      team: "T0",
      channel,
      language,
      ...(stranger && { stranger }),
    };
    await dispatch({ line, source, caller, reply: replyOf(bench, shown, triggers) });
    return shown;
  };
  return bench;
}

/** Reads for each who asks, from what the test puts in Azure's place. */
/** From now on, the alerts of the second of its two subscriptions can't be read. */
export function denyAlerts({ ports: { azure } }: Bench): void {
  const { alerts } = azure;
  azure.alerts = async (asked) => ({
    ...(await alerts(asked)),
    unread: [{ id: "s2", name: "開発", why: "denied", detail: "AuthorizationFailed" }],
  });
}

export function readingsOf(ports: () => Pick<Ports, "azure" | "clock">): Ports["readings"] {
  const whole = async <T>(reading: Promise<Read<T>>) => {
    const [read, estate] = await Promise.all([reading, ports().azure.subscriptions()]);
    return { ...read, began: ports().clock.now(), estate: estate.value };
  };
  return {
    alerts: () => whole(readAlerts(ports().azure, undefined)),
    compliance: () => whole(ports().azure.compliance()),
    coverage: () => whole(ports().azure.coverage()),
    recommendations: () =>
      whole(
        ports()
          .azure.assessments()
          .then(({ value: assessments, unassessed, scores, ...about }) => ({
            ...about,
            value: { assessments, unassessed, scores },
          })),
      ),
    targets: () => whole(ports().azure.targets()),
    outdate: async () => {},
  };
}

function replyOf(bench: Bench, shown: Shown[], triggers: boolean): Incoming["reply"] {
  return {
    working: async (message) => void shown.push({ kind: "working", message }),
    answer: async (message, options) =>
      void shown.push({ kind: "answer", message, private: options?.private ?? false }),
    post: async (message) => {
      if (bench.postFails) throw bench.postFails;
      shown.push({ kind: "post", message });
      return bench.notPosted ?? [];
    },
    form: async (form) => triggers && shown.push({ kind: "form", form }) > 0,
    modal: async (message) => triggers && shown.push({ kind: "modal", message }) > 0,
    openLoading: async () => triggers && shown.push({ kind: "loading" }) > 0,
  };
}

function chatOf(): Chat {
  const person = async (id: string): Promise<Person> => ({
    id,
    identity: id,
    name: id.toLowerCase(),
    member: id !== people.guest,
  });
  return {
    person,
    group: async (id) => (id === operatorsGroup ? [people.grouped] : []),
    groupHandles: async () => new Map([[operatorsGroup, "operators"]]),
    channel: async (id) => ({ id, name: "security", member: true, archived: false, private: false }),
    direct: async (id) => `D${id.slice(1)}`,
    checks: async () => [{ name: "Slack token", state: "ok", said: "" }],
  } as Chat;
}

function azureOf(bench: Bench): Azure & ComplianceAzure & EnablementAzure & ExemptionAzure & SimulationAzure {
  const subscriptions = [
    { id: "s1", name: "prod-east", state: "Enabled" },
    { id: "s2", name: "開発", state: "Enabled" },
  ];
  const find = (resource: string) => {
    const alert = bench.alerts.find((one) => one.resource === resource);
    if (!alert)
      throw new UpstreamError("not found", {
        system: "azure",
        status: 404,
        code: "NotFound",
        retryable: false,
      });
    return alert;
  };
  return {
    subscriptions: async () => read(subscriptions),
    alerts: async (asked) => {
      const ids = asked.from === "api" ? asked.subscriptions.map(({ id }) => id) : ["s1", "s2"];
      const alerts =
        asked.from === "all"
          ? asked.alerts.map((one) => find(typeof one === "string" ? one : one.alert.resource))
          : bench.alerts.filter(({ place }) => ids.includes(place.subscription.id));
      return read(alerts.map((alert) => ({ alert, api: alert })));
    },
    alertSums: async () => undefined,
    changeAlert: async (resource, action) => void bench.changes.push(`${action} ${find(resource).id}`),
    coverage: async () => read<Coverage>(coverage),
    clusterData: async () => new Map(),
    valuesNow: async ({ before }) => before,
    turnOn: async () => ({ kind: "already" }),
    policyParameters: async () => [],
    clusterStandard: async () => ({
      offered: { id: "/subscriptions/s1/providers/Microsoft.Security/securityStandards/k", name: "CIS AKS" },
    }),
    enablementRights: async (steps) => ({
      needed: steps.map(() => ["Microsoft.Security/pricings/write"]),
      missing: steps.map(() => []),
    }),
    activity: async () => [],
    assessments: async () => ({ ...read<Assessment[]>(assessments), unassessed: [] }),
    compliance: async () => read(compliance),
    controlAssessments: async (_standard, control) => ({
      value: [
        {
          key: "k-sensor",
          title: `Assessment of ${control}`,
          kind: "assessment",
          state: "failed",
          ...{ failed: 2, passed: 1, skipped: 0 },
          subscription: { id: "s1", name: "prod-east" },
        },
      ],
      unread: [],
      missing: 0,
    }),
    assessedResources: async () => ({
      ...read(assessments.map(({ resource, ...one }) => ({ ...one, ...resource }))),
      missing: 0,
    }),
    affectedObjects: async (clusters) => ({ objects: [], left: 0, asked: clusters.length, unread: [] }),
    checks: async () => [{ name: "Azure token", state: "ok", said: "" }],
    hunts: () => loadHunts(undefined),
    hunt: async () => ({ ...read<HuntRow[]>([]), columns: [], listed: [], missing: 0 }),
    exemptionsOf: async () => [],
    putExemption: async ({ resource }) => {
      bench.changes.push(`put ${resource}`);
      return {};
    },
    exemptionRights: async () => undefined,
    suppressionRules: async () => [],
    targets: async () => read({ clusters: [demoCluster], registries: [] }),
    missingActions: async () => [],
    simulationGrants: async () => ({ azure: "az …", cluster: "kubectl …" }),
    sampleAlerts: async (subscription, bundle) =>
      void bench.changes.push(`sample alerts ${bundle} ${subscription}`),
    importImage: async () => ({ done: true, digest: "sha256:0" }),
    deleteImage: async () => true,
  };
}

/** The message of the last thing shown. */
export function last(shown: Shown[]): Message {
  const end = shown.at(-1);
  if (!end || !("message" in end)) throw new Error(`Nothing was answered: ${JSON.stringify(shown)}`);
  return end.message;
}

/** Every text of a message in one string. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(textOf).join("");
  return typeof value === "object" && value !== null ? `${Object.values(value).map(textOf).join(" ")} ` : "";
}

/** The lines that the buttons of a message carry. */
export function linesOf(message: Message): string[] {
  return message.parts
    .flatMap((part) => ("actions" in part ? part.actions : []))
    .flatMap((action) => ("menu" in action ? action.options : [action]))
    .flatMap((one) => ("line" in one ? [one.line] : []));
}

export const anyId = () => randomUUID().slice(0, 8);
