import type { KubeConfig } from "@kubernetes/client-node";
import { CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AzureStandIn, startAzure } from "../../playground/azure/server.ts";
import { type Visitor, visit } from "../../playground/azure/visitor.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import type { Alert } from "../../playground/estate/estate.ts";
import type { Served } from "../../playground/kubernetes/clusters.ts";
import { setSensor } from "../../playground/kubernetes/control/sensor.ts";
import { applier, busybox, inPhase, kubeconfigOf, withinLimit } from "../kubernetes-cluster.ts";

const estate = demoEstate(new Date());
const before = estate.alerts.length;
let azure: AzureStandIn;
let visitor: Visitor;
let cluster: Served;
let config: KubeConfig;
let apply: ReturnType<typeof applier>;
let number = 0;

beforeAll(async () => {
  azure = await startAzure({ estate, live: { factor: 6000 } });
  visitor = await visit(azure);
  cluster = await azure.clusters.of("aks-demo");
  config = await kubeconfigOf(azure, visitor, "aks-demo");
  apply = applier(config);
});
afterAll(async () => {
  visitor.close();
  await azure.stop();
});
beforeEach(() => {
  azure.defender.switches.clear();
  cluster.watching.drift = "alert";
  cluster.nodeFaults.unreachable = false;
});

/** What Defender said of a namespace so far. */
const alertsOf = (namespace: string) =>
  estate.alerts
    .slice(before)
    .filter((one) => JSON.stringify(one.properties.entities).includes(`"${namespace}"`));
const titles = (alerts: Alert[]) => alerts.map((one) => String(one.properties.alertDisplayName)).sort();

/** Microsoft's attack simulation in a namespace of its own; resolves to its log once the attacker has ended. */
async function simulate(scenario: string, { victim = true } = {}) {
  const namespace = `sim-${++number}`;
  const tool = "ghcr.io/microsoft/defender-for-cloud/attacksimulation";
  await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const pod = (name: string, image: string, more: object) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `mdc-simulation-${name}`, namespace, labels: { name: `mdc-simulation-${name}` } },
    spec: { containers: [{ name, image: `${tool}/${image}:latest`, ...more }], restartPolicy: "Never" },
  });
  if (victim) {
    const selector = { name: "mdc-simulation-victim" };
    const spec = { clusterIP: "None", selector };
    await apply({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "mdc-simulation-victim", namespace },
      spec,
    });
    await apply(pod("victim", "victim", {}));
    await inPhase(cluster, namespace, "mdc-simulation-victim", "Running");
  }
  await apply(pod("attacker", "attacker", { env: [{ name: "SCENARIO", value: scenario }] }));
  await inPhase(cluster, namespace, "mdc-simulation-attacker", "Succeeded");
  const log = await config
    .makeApiClient(CoreV1Api)
    .readNamespacedPodLog({ namespace, name: "mdc-simulation-attacker" });
  return { namespace, lines: log.trim().split("\n") };
}

describe("the attack simulation", () => {
  it("writes its headings and results, and Defender alerts for the victim with cluster, namespace, pod and image", async () => {
    const { namespace, lines } = await simulate("lateral-mov");
    expect(lines[0]).toMatch(/^Started at /);
    expect(lines.slice(1, 4)).toEqual([
      "--- Webshell ---",
      "Sending payload request to the victim pod",
      "--- Lateral Movement ---",
    ]);
    expect(lines.some((line) => line.includes("eyJ"))).toBe(true);
    expect(lines.at(-1)).toBe("--- Simulation completed ---");
    await expect
      .poll(() => titles(alertsOf(namespace)), withinLimit)
      .toEqual(["Access to cloud metadata service detected", "Possible malicious web shell detected"]);
    const [alert] = alertsOf(namespace);
    expect(alert!.id).toContain(estate.subscriptions[2]!.subscriptionId);
    expect(alert!.properties.compromisedEntity).toBe("aks-demo");
    const entities = JSON.stringify(alert!.properties.entities);
    for (const word of ["mdc-simulation-victim", "attacksimulation/victim", cluster.resource.id])
      expect(entities).toContain(word);
  });

  it("is one web shell, whatever is done through it within the hour", async () => {
    const { namespace, lines } = await simulate("all");
    expect(lines.filter((line) => line.startsWith("--- "))).toHaveLength(7);
    const last = "Suspicious Kubernetes service account operation detected";
    await expect.poll(() => titles(alertsOf(namespace)), withinLimit).toContain(last);
    expect(titles(alertsOf(namespace)).filter((title) => title.includes("web shell"))).toHaveLength(1);
  });

  it("says that it is complete although no one answered, and then Defender says nothing", async () => {
    // The heading of the attack is the victim's answer, too.
    const unheard = [
      "--- Webshell ---",
      "Sending payload request to the victim pod",
      "--- Simulation completed ---",
    ];
    const { namespace, lines } = await simulate("recon", { victim: false });
    expect(lines.slice(1)).toEqual(unheard);
    cluster.nodeFaults.unreachable = true;
    const unanswered = await simulate("secrets");
    expect(unanswered.lines.slice(1)).toEqual(unheard);
    const heard = await simulate("nonsense");
    expect(heard.lines.slice(1)).toEqual(["No matching scenario found. exiting"]);
    cluster.nodeFaults.unreachable = false;
    // What comes after all this is there, so what was not raised before is not on its way either.
    const last = await simulate("webshell");
    await expect.poll(() => alertsOf(last.namespace).length, withinLimit).toBe(1);
    for (const silent of [namespace, unanswered.namespace, heard.namespace])
      expect(alertsOf(silent)).toEqual([]);
  });

  it("raises only what the audit log knows where the sensor does not see the node", async () => {
    setSensor(cluster, { sensor: "not-ready" });
    const { namespace } = await simulate("recon");
    await expect
      .poll(() => titles(alertsOf(namespace)), withinLimit)
      .toEqual(["Suspicious Kubernetes service account operation detected"]);
    setSensor(cluster, { sensor: "ready" });
  });

  it("sees as much where the sensor was installed by Helm, on its nodes only", async () => {
    setSensor(cluster, { sensor: "ready", form: "helm" });
    const helm = config.makeApiClient(CoreV1Api);
    const { items } = await helm.listNamespacedPod({
      namespace: "mdc",
      labelSelector: "app=defender-k8s-sensor",
    });
    expect(items).toHaveLength(7);
    const seen = await simulate("lateral-mov");
    await expect.poll(() => alertsOf(seen.namespace).length, withinLimit).toBe(2);
    setSensor(cluster, { sensor: "ready", form: "helm" }, []);
    const unseen = await simulate("recon");
    const audit = ["Suspicious Kubernetes service account operation detected"];
    await expect.poll(() => titles(alertsOf(unseen.namespace)), withinLimit).toEqual(audit);
    setSensor(cluster, { sensor: "ready", form: "add-on" });
    expect((await helm.listNamespacedPod({ namespace: "mdc" })).items).toEqual([]);
  });

  it("meets the switches: lost, doubled, renamed, beside, and a clock that is ahead", async () => {
    const { switches } = azure.defender;
    switches.add({ kind: "drop", alert: /web shell/ });
    switches.add({ kind: "double", alert: /Sensitive files/ });
    switches.add({
      kind: "rename",
      alert: /secret reconnaissance/,
      type: "K8S.NODE_Newer",
      title: "Secret reconnaissance (Preview)",
    });
    switches.add({
      kind: "beside",
      alert: /Sensitive/,
      times: 1,
      raised: { type: "K8S.NODE_Odd", title: "Something odd", severity: "Low", minutes: 1 },
    });
    azure.defender.skew = 300_000;
    const { namespace } = await simulate("secrets");
    await expect
      .poll(() => titles(alertsOf(namespace)), withinLimit)
      .toEqual([
        "Secret reconnaissance (Preview)",
        "Sensitive files access detected",
        "Sensitive files access detected",
        "Something odd",
      ]);
    azure.defender.skew = 0;
    const ahead = Date.parse(String(alertsOf(namespace)[0]!.properties.timeGeneratedUtc)) - Date.now();
    expect(ahead).toBeGreaterThan(200_000);
  });

  it("is dismissed by a suppression rule", async () => {
    const rule = { alertType: "K8S.NODE_Webshell", state: "Enabled", reason: "Other" };
    const id = `${estate.subscriptions[2]!.id}/providers/Microsoft.Security/alertsSuppressionRules/quiet`;
    estate.suppressionRules.push({
      id,
      name: "quiet",
      type: "Microsoft.Security/alertsSuppressionRules",
      properties: rule,
    });
    const { namespace } = await simulate("webshell");
    await expect
      .poll(() => alertsOf(namespace).map((one) => one.properties.status), withinLimit)
      .toEqual(["Dismissed"]);
    estate.suppressionRules.pop();
  });

  it("is dismissed by a scoped rule only where its scope matches", async () => {
    const [rule] = estate.suppressionRules;
    const scope = rule!.properties.suppressionAlertsScope as { allOf: { contains: string }[] };
    const other = await simulate("webshell");
    await expect
      .poll(() => alertsOf(other.namespace).map((one) => one.properties.status), withinLimit)
      .toEqual(["Active"]);
    scope.allOf[0]!.contains = "mdc-simulation";
    const matched = await simulate("webshell");
    await expect
      .poll(() => alertsOf(matched.namespace).map((one) => one.properties.status), withinLimit)
      .toEqual(["Dismissed"]);
    scope.allOf[0]!.contains = "nightly-scanner";
  });
});

describe("Defender, where no one used the tool", () => {
  const run = async (name: string, script: string, more: object = {}) => {
    await apply(busybox(name, ["sh", "-c", script], more));
    return inPhase(cluster, "default", name, "Succeeded");
  };

  it("sees a binary that the image did not bring, where its rule is to alert", async () => {
    const drift = "cp /proc/self/exe /tmp/busybox-drift && /tmp/busybox-drift --help";
    cluster.watching.drift = "ignore";
    await run("unseen", drift);
    cluster.watching.drift = "alert";
    await run("drifts", drift);
    await expect
      .poll(() => titles(alertsOf("drifts")), withinLimit)
      .toEqual(["A drift binary detected executing in the container"]);
    expect(alertsOf("unseen")).toEqual([]);
  });

  it("finds the EICAR file that is on a node when the agentless scan looks, once", async () => {
    const parts = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE", "!$H+H*"];
    const mounted = {
      spec: { volumes: [{ name: "node", hostPath: { path: "/var/tmp" } }] },
      container: { volumeMounts: [{ name: "node", mountPath: "/host/var/tmp" }] },
    };
    const script = `printf '%s%s%s' "$1" "$2" "$3" > /host/var/tmp/e.com`;
    await apply(
      busybox("infects", ["sh", "-c", script, "sh", ...parts], { ...mounted, spec: { ...mounted.spec } }),
    );
    const pod = await inPhase(cluster, "default", "infects", "Succeeded");
    const node = String(pod.spec?.nodeName);
    expect(cluster.disks.get(node)?.get("/var/tmp/e.com")?.content).toBe(parts.join(""));
    await expect
      .poll(() => titles(alertsOf(node)), withinLimit)
      .toContain("'EICAR_Test_File' malware was detected (Agentless)");
    azure.defender.scan(cluster);
    await run("removes", "rm -f /host/var/tmp/e.com", {
      ...mounted,
      spec: { ...mounted.spec, nodeName: node },
    });
    expect(cluster.disks.get(node)?.has("/var/tmp/e.com")).toBe(false);
    expect(titles(alertsOf(node)).filter((title) => title.includes("EICAR"))).toHaveLength(1);
  });

  it("keeps the last wish of a shell that is ended", async () => {
    const mounted = {
      spec: { volumes: [{ name: "node", hostPath: { path: "/var/tmp" } }] },
      container: { volumeMounts: [{ name: "node", mountPath: "/host" }] },
    };
    const script = "trap 'rm -f /host/left' TERM; touch /host/left; sleep 9000 & wait $!";
    await apply(busybox("tidies", ["sh", "-c", script], mounted));
    const pod = await inPhase(cluster, "default", "tidies", "Running");
    const disk = cluster.disks.get(String(pod.spec?.nodeName));
    await expect.poll(() => disk?.has("/var/tmp/left"), withinLimit).toBe(true);
    await config.makeApiClient(CoreV1Api).deleteNamespacedPod({ namespace: "default", name: "tidies" });
    await expect.poll(() => disk?.has("/var/tmp/left"), withinLimit).toBe(false);
  });
});

describe("recommendations for workloads", () => {
  it("turn unhealthy with the name of the one that violates them, and healthy after it is gone", async () => {
    const eu = await azure.clusters.of("aks-prod-eu");
    const status = () => {
      const result = estate.assessments.find(
        (one) =>
          one.id.startsWith(eu.resource.id) &&
          one.properties.displayName === "Privileged containers should be avoided",
      );
      return result?.properties.status as { code: string; description?: string };
    };
    const deployment = (name: string, privileged: boolean) => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace: "shop", uid: name, resourceVersion: "", creationTimestamp: "" },
      spec: {
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: { containers: [{ name: "a", image: "nginx:1.27", securityContext: { privileged } }] },
        },
      },
    });
    const bad = eu.objects.put(deployment("bad", true));
    eu.objects.put(deployment("good", false));
    await expect
      .poll(() => status().description, withinLimit)
      .toBe("Unhealthy Kubernetes objects: Deployment/shop/bad");
    expect(status().code).toBe("Unhealthy");
    eu.objects.drop(bad);
    await expect.poll(() => status().code, withinLimit).toBe("Healthy");
  });
});
