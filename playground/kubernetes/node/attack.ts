import type { AttackPart } from "../behaviour.ts";
import type { Cluster } from "../cluster.ts";
import { plural } from "../kinds.ts";
import { at, type KubeObject, listAt } from "../object.ts";
import type { Process } from "../shell/process.ts";
import { imageOf } from "./images.ts";
import { isReady, labelsOf } from "./pod-status.ts";

type Scenario = { part: AttackPart; heading: string; results(victim: KubeObject): string[] };

const token = (sub: string) =>
  [
    { alg: "RS256", kid: "9qR7c1kJ" },
    { aud: ["https://kubernetes.default.svc.cluster.local"], exp: 1827446400, sub },
  ]
    .map((one) => Buffer.from(JSON.stringify(one)).toString("base64url"))
    .join(".");

/**
 * Microsoft's attack simulation by the value of SCENARIO, with what the victim answers. Headings are the tool's own; all
 * but that of the web shell are the victim's answer too. The results show the beginning of tokens, as the tool does.
 */
const scenarios: readonly Scenario[] = [
  { part: "webshell", heading: "Webshell", results: () => ["nginx"] },
  {
    part: "recon",
    heading: "Reconnaissance",
    results: ({ metadata }) => [
      `Service account token: ${token(`system:serviceaccount:${metadata.namespace}:mdc-simulation-victim`).slice(0, 60)}...`,
      'SelfSubjectAccessReview: {"allowed":false,"reason":""}',
      "Nmap scan report for kubernetes.default.svc.cluster.local (10.0.0.1)",
      "443/tcp open  https",
    ],
  },
  {
    part: "lateral-mov",
    heading: "Lateral Movement",
    results: () => [
      "Requesting a cloud token from 169.254.169.254",
      `{"access_token":"${token("aks-agentpool").slice(0, 80)}`,
    ],
  },
  {
    part: "secrets",
    heading: "Secrets Gathering",
    results: ({ metadata }) => [
      "/etc/shadow",
      `/var/run/secrets/kubernetes.io/serviceaccount/token: ${token(`system:serviceaccount:${metadata.namespace}:default`).slice(0, 48)}`,
      "KUBERNETES_SERVICE_HOST=10.0.0.1",
    ],
  },
  {
    part: "crypto",
    heading: "Cryptomining",
    results: () => [
      "vm.nr_hugepages = 1280",
      "Downloading xmrig from http://mdc-simulation-attacker",
      "xmrig started",
    ],
  },
  {
    part: "ti-domain",
    heading: "Threat Intelligence Communication",
    results: () => ["POST mdc-eicar.alerts.security.azure.com", "HTTP/1.1 200 OK"],
  },
];

/** The pod of the victim's service, where the attacker reaches it by the service's name. */
function victimOf(cluster: Cluster, namespace: string | undefined): KubeObject | undefined {
  const service = cluster.objects.get(plural("services"), namespace, "mdc-simulation-victim");
  if (!service || cluster.nodeFaults.unreachable) return undefined;
  const selector = Object.entries(at(service.spec, "selector"));
  return cluster.objects
    .list(plural("pods"), namespace)
    .filter((pod) => selector.length > 0 && selector.every(([key, value]) => labelsOf(pod)[key] === value))
    .find(
      (pod) =>
        isReady(pod) &&
        listAt(pod.spec, "containers").some((one) => imageOf(String(one.image)).role === "victim"),
    );
}

/** The attacker's program: waits ten seconds, attacks, and says that it is complete even where nothing answered. */
export async function attack(cluster: Cluster, pod: KubeObject, process: Process): Promise<number> {
  const say = (line: string) => process.out(`${line}\n`);
  const wanted = process.env.SCENARIO ?? "";
  say(`Started at ${process.place.now().toISOString()}`);
  await cluster.pause(10, process.signal);
  const chosen = scenarios.filter(({ part }) => wanted === "all" || part === wanted);
  if (chosen.length === 0) {
    say("No matching scenario found. exiting");
    return 0;
  }
  // Announced before the victim is asked [attack.sh].
  say("--- Webshell ---");
  say(
    wanted === "webshell"
      ? 'Sending command "whoami" to victim'
      : "Sending payload request to the victim pod",
  );
  for (const { heading, part, results } of chosen) {
    await cluster.pause(2, process.signal);
    const victim = victimOf(cluster, pod.metadata.namespace);
    if (!victim) continue;
    if (part !== "webshell") say(`--- ${heading} ---`);
    const container = String(listAt(victim.spec, "containers")[0]?.name);
    cluster.happened({ kind: part, pod: victim, container });
    for (const line of part === "webshell" && wanted === "all" ? [] : results(victim)) {
      say(line);
      await cluster.pause(1, process.signal);
    }
  }
  say("--- Simulation completed ---");
  return 0;
}
