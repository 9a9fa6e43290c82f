import { describe, expect, it } from "vitest";
import { refuseBlocks, refuseView } from "../../playground/slack/blocks/validate.ts";
import { knownExtensions } from "../../src/domain/catalogue/extensions.ts";
import type { ClusterCoverage, Coverage, PlanState } from "../../src/domain/coverage/coverage.ts";
import { uncatalogued } from "../../src/domain/coverage/uncatalogued.ts";
import { UpstreamError } from "../../src/errors.ts";
import type { Message } from "../../src/message/message.ts";
import type { DefenderPods, NodeInfo } from "../../src/ports/clusters.ts";
import { withPods } from "../../src/readings/cluster-pods.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { compileModal } from "../../src/slack/render/view.ts";
import { openStore } from "../../src/store/store.ts";
import { clusterOf, coverage, east, known, unknown } from "../dispatch-estate.ts";
import { benchOf, last, read, textOf } from "../dispatch-parts.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const bench = (change: Parameters<typeof benchOf>[1] = {}) =>
  benchOf(openStore(redis.connect(), redis.prefix(), []), change);
const modal = { source: "button" } as const;
const codes = (message: Message) => message.parts.flatMap((part) => ("code" in part ? [part.code] : []));

const plan: PlanState = {
  plan: known("on"),
  extensions: knownExtensions.map(({ name }) => ({ name, state: known("on"), properties: {} })),
};
const whole: Coverage = {
  ...coverage,
  subscriptions: [
    {
      ...coverage.subscriptions[0]!,
      plan,
      overlapping: [{ name: "FoundationalCspm", plan: known("on"), extensions: [] }],
      standards: known(["CIS Azure Kubernetes Service"]),
    },
  ],
  clusters: [clusterOf("aks-shop")],
  registries: [],
};
const answering = (value: Coverage) => ({ azure: { coverage: async () => read<Coverage>(value) } });

describe("what the buttons of status open", () => {
  it("fixes: each cause with how it is closed, commands as a code block, a link and who can do it", async () => {
    const message = last(await bench().say("status-details fixes", modal));
    const text = textOf(message);
    expect(text).toMatch(/Plan off : 開発/);
    expect(text).toContain("Environment settings › 開発 › Defender plans → Containers: On.");
    expect(text).toContain("https://portal.azure.com/#view/Microsoft_Azure_Security/");
    expect(text).toContain("Who: Security Admin or Owner of the subscription.");
    expect(codes(message)).toContain(
      "az aks update --subscription s1 -g rg-shop -n aks-private --enable-defender",
    );
    expect(codes(message)).toContain(
      "az security pricing create --subscription s2 --name Containers --tier standard",
    );
  });

  it("features: each one with how many places have which value, and never a share without the unknown", async () => {
    const text = textOf(last(await bench().say("status-details features", modal)));
    expect(text).toMatch(/Control plane threat detection : 3 on, 1 off · Plan off \(開発\)/);
    expect(text).toMatch(
      /Workload, node and cluster threat detection : 1 off, 2 unknown, 1 not applicable ·/,
    );
    expect(text).not.toContain("%");
  });

  it("one cluster: each feature with its evidence, where it comes from, and when it was read", async () => {
    const text = textOf(last(await bench().say("status-details clusters cluster:aks-shop", modal)));
    expect(text).toMatch(
      /Agentless discovery for Kubernetes : unknown · .*Microsoft\.Security\/pricings.*2026-11-23T08:00:00Z/,
    );
    expect(text).toMatch(/Data plane hardening : on · .*provided by Defender CSPM/);
  });

  it.each(["fixes", "features", "clusters"])(
    "%s in Japanese, with nothing in English but names",
    async (view) => {
      const message = last(await bench().say(`status-details ${view}`, { ...modal, language: "ja" }));
      expect(textOf(message)).not.toMatch(/\b(?:off|unknown|Who|Plan|more)\b(?!=)/);
    },
  );
});

const nodes: NodeInfo[] = [
  { name: "n1", pool: "apps", os: "linux", ready: true, sensor: "ready", installed: "helm" },
  { name: "n2", pool: "gpu", os: "linux", ready: true, sensor: "absent", leftOut: "taint" },
];
const pods: DefenderPods = {
  components: [
    {
      pods: "microsoft-defender-collectors-ds",
      namespace: "security",
      desired: 2,
      ready: 1,
      restarts: 7,
      outOfMemory: 2,
      version: "0.8.4",
    },
  ],
  constraintTemplates: { unread: "forbidden" },
};
/** A bench whose clusters port answers with these, or throws. */
function reaching(value: Coverage, answer: { nodes: NodeInfo[]; pods: DefenderPods } | UpstreamError) {
  const made = bench(answering(value));
  made.ports.clusters = {
    reach: async () => {
      if (answer instanceof UpstreamError) throw answer;
      return { nodes: async () => answer.nodes, defenderPods: async () => answer.pods } as never;
    },
  };
  return made;
}

describe("status of one cluster", () => {
  it("shows its pods: ready of desired, restarts, out-of-memory kills, version, nodes that are left out", async () => {
    const message = last(await reaching(whole, { nodes, pods }).say("status cluster:aks-shop"));
    const text = textOf(message);
    expect(text).toContain(
      "microsoft-defender-collectors-ds (security): 1 of 2 ready · 7 restarts · 2 out-of-memory kills · version 0.8.4",
    );
    expect(text).toContain("Nodes without a ready sensor: n2 (taint)");
    expect(text).toContain("Constraint templates: unknown because forbidden");
    expect(text).toMatch(
      /Sensor not ready on every node : aks-shop.*Sensor near its end of support : aks-shop/s,
    );
    expect(message.tone).toBe("warning");
  });

  it("is green where everything was seen and is on", async () => {
    const ready: NodeInfo[] = [{ ...nodes[0]!, installed: "helm" }];
    const fine: DefenderPods = {
      components: ["azure-policy", "azure-policy-webhook"].map((name) => ({
        pods: name,
        namespace: "kube-system",
        desired: 1,
        ready: 1,
        restarts: 0,
        outOfMemory: 0,
      })),
      constraintTemplates: 12,
    };
    const properties = { SecurityGatingEnabled: "True", AntiMalwareEnabled: "True" };
    const full: Coverage = structuredClone(whole);
    for (const one of full.subscriptions[0]!.plan.extensions) Object.assign(one.properties, properties);
    const { say } = reaching(full, { nodes: ready, pods: fine });
    const message = last(await say("status cluster:aks-shop"));
    expect(message.tone).toBe("good");
    expect(message.headline).toBe("The only cluster is covered · filters: cluster:aks-shop");
    expect(textOf(message)).not.toContain("pod health isn't checked");
    // Source: Microsoft's "Azure subscription states".
    for (const [state, said] of [
      ["Disabled", "Disabled in Azure: its resources may be stopped"],
      ["Warned", "Warned in Azure: its resources may be stopped"],
      ["PastDue", "PastDue in Azure · Plan"],
    ] as const) {
      full.subscriptions[0]!.state = state;
      const other = last(await reaching(full, { nodes: ready, pods: fine }).say("status cluster:aks-shop"));
      expect(other.tone).toBe("neutral");
      expect(textOf(other)).toContain(said);
    }
  });

  it("is unknown, not off, where a private cluster is out of reach", async () => {
    const error = new UpstreamError("the API server can't be reached from here (a private cluster)", {
      system: "kubernetes",
      code: "OutOfReach",
      retryable: false,
    });
    const value = { ...whole, clusters: [clusterOf("aks-shop", { private: true })] };
    const one = reaching(value, error);
    const message = last(await one.say("status cluster:aks-shop"));
    expect(textOf(message)).toContain("unknown because the API server can't be reached from here");
    expect(message.tone).toBe("neutral");
    const details = textOf(last(await one.say("status-details clusters cluster:aks-shop", modal)));
    expect(details).toMatch(/Workload, node and cluster threat detection : unknown/);
  });

  it.each<[string, Partial<ClusterCoverage>]>([
    ["stopped", { power: known("stopped") }],
    ["being created", { passing: { value: "creating", evidence: known(0).evidence } }],
  ])("reaches for no cluster that is %s", async (_, change) => {
    const value = { ...whole, clusters: [clusterOf("aks-shop", change)] };
    const error = new Error("reached");
    const made = bench(answering(value));
    made.ports.clusters = { reach: () => Promise.reject(error) };
    expect(textOf(last(await made.say("status cluster:aks-shop")))).not.toContain("reached");
    expect(made.errors).toEqual([]);
  });
});

describe("status of several clusters", () => {
  const clusters = ["aks-shop", "aks-dark"].map((name) => clusterOf(name, { id: `${name}-id` }));
  const error = new UpstreamError("no route", { system: "kubernetes", code: "OutOfReach", retryable: false });
  function reachingSome(value: Coverage) {
    const made = bench(answering(value));
    const reached: string[] = [];
    made.ports.clusters = {
      reach: async ({ name }) => {
        reached.push(name);
        if (name === "aks-dark") throw error;
        return { nodes: async () => nodes, defenderPods: async () => pods } as never;
      },
    };
    return { ...made, reached };
  }

  it.each([
    ["en", "ready on 1 of 2 nodes", "where pods were checked (1 of 2 clusters)", "Sensor pods not checked"],
    ["ja", "2 ノード中 1 ノードで準備完了", "ポッドを確認したクラスター (2 個中 1 個)", "センサー"],
  ] as const)(
    "says what runs in those that it reaches, and of how many that's unknown (%s)",
    async (language, ...said) => {
      const message = last(await reachingSome({ ...whole, clusters }).say("status", { language }));
      for (const one of said) expect(textOf(message)).toContain(one);
      expect(message.tone).toBe("warning");
    },
  );

  it("doesn't call a cluster covered where the sensor is ready on no node", async () => {
    const made = reaching({ ...whole, clusters }, { nodes: [{ ...nodes[0]!, sensor: "not-ready" }], pods });
    const message = last(await made.say("status"));
    expect(message.headline).toMatch(/^Not covered: 2 of 2 clusters/);
    expect(message.tone).toBe("bad");
    expect(textOf(message)).toContain("ready on 0 of 1 node");
  });

  it("shows the others where one never answers: that one is unknown, because it didn't", async () => {
    const some = reachingSome(whole);
    const { reach } = some.ports.clusters;
    some.ports.clusters = {
      reach: async (cluster) =>
        cluster.name === "aks-dark" ? new Promise<never>(() => {}) : reach(cluster, undefined),
    };
    const seen = await withPods({ ...whole, clusters }, {}, some.ports, 20);
    expect(seen.clusters.map(({ pods }) => pods)).toMatchObject([
      { known: true },
      { known: false, why: "no answer within 0.02 s" },
    ]);
  });

  it("looks once for a reading, and into no cluster where there are more than ten", async () => {
    const some = reachingSome(whole);
    const reading = {};
    const several = { ...whole, clusters };
    for (let times = 0; times < 2; times++) {
      const { clusters: seen } = await withPods(several, reading, some.ports);
      expect(seen.map(({ pods }) => pods?.known)).toEqual([true, false]);
    }
    expect(some.reached.sort()).toEqual(["aks-dark", "aks-shop"]);
    // A scope with one more that is stopped: what was seen of the others is there, and nothing else.
    const idle = clusterOf("aks-idle", { id: "idle-id", power: known("stopped") });
    const wider = await withPods({ ...whole, clusters: [idle, ...clusters] }, reading, some.ports);
    expect(wider.clusters.map(({ name, pods }) => [name, pods?.known])).toEqual([
      ["aks-idle", undefined],
      ["aks-shop", true],
      ["aks-dark", false],
    ]);
    expect(some.reached).toHaveLength(2);
    const many = Array.from({ length: 11 }, (_, index) => clusterOf(`aks-${index}`, { id: `id-${index}` }));
    expect(await withPods({ ...whole, clusters: many }, reading, some.ports)).toMatchObject({
      clusters: many,
    });
    expect(some.reached).toHaveLength(2);
  });
});

describe("what the catalogue does not have", () => {
  it("is shown by its own text and counted", async () => {
    const value = structuredClone(whole);
    const state = known<"on" | "off">("on");
    value.subscriptions[0]!.plan.extensions.push({ name: "QuantumScanning", state, properties: {} });
    expect(uncatalogued(value)).toEqual([{ kind: "extension", name: "QuantumScanning" }]);
    const message = last(await bench(answering(value)).say("status"));
    expect(textOf(message)).toContain("QuantumScanning");
  });
});

describe("1,000 subscriptions and 3,000 clusters", () => {
  const many: Coverage = { subscriptions: [], clusters: [], registries: [] };
  for (let number = 0; number < 1000; number++) {
    const subscription = { id: `s-${number}`, name: `subscription-${number}` };
    const base = coverage.subscriptions[number % 2]!;
    many.subscriptions.push({ ...base, subscription });
    for (const letter of ["a", "b", "c"])
      many.clusters.push(
        clusterOf(`aks-${number}-${letter}`, {
          ...east,
          subscription,
          id: `/subscriptions/s-${number}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks-${number}-${letter}`,
          sensorProfile: letter === "a" ? known("off") : letter === "b" ? unknown("denied") : known("on"),
        }),
      );
  }
  it.each(["en", "ja"] as const)("stay within Slack's limits (%s)", async (language) => {
    const { say } = bench(answering(many));
    const answer = last(await say("status", { language }));
    const { head, thread } = compile(answer, { language });
    for (const { blocks } of [head, ...thread]) expect(refuseBlocks(blocks)).toBeUndefined();
    expect(head.blocks.length).toBeLessThanOrEqual(45);
    for (const view of ["fixes", "features", "clusters"]) {
      const message = last(await say(`status-details ${view}`, { ...modal, language }));
      const made = compileModal(message as Message & { title: string }, { language, place: {} });
      expect(refuseView(made)).toBeUndefined();
      expect(JSON.stringify(made).length).toBeLessThan(250_000);
    }
  });
  it("have every feature of every place in the file", async () => {
    const message = last(await bench(answering(many)).say("status --csv"));
    const file = message.parts.flatMap((part) => ("file" in part ? [part.file] : [])).at(-1)!;
    const clusters = new Set(
      file.csv
        .slice(1)
        .filter((row) => row[2] === "cluster")
        .map((row) => row[3]),
    );
    expect(clusters.size).toBe(3000);
  });
});
