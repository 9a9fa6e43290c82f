import { type Gap, type GapKind, isOfOwnPlan } from "../../domain/coverage/gap.ts";
import { readResourceId } from "../../domain/resource-id.ts";
import type { Language } from "../../locales/language.ts";
import { shellWord } from "../../text/shell-word.ts";
import { commandLine } from "../line.ts";
import type { Button } from "../message.ts";
import { extensionWord } from "./extension-word.ts";
import { type FixRole, fixWords } from "./fix-texts.ts";
import { shortId } from "./gap-texts.ts";

/** The shortest way to close a gap. `portal`: where to do it; `who`: the Azure role that is enough. */
export type Fix = { say: string; command?: string; portal?: string; who?: string };

type Way = {
  role?: FixRole;
  command?: (names: Names) => string;
  page?: "settings" | "resource" | "compliance";
};
type Names = { cluster: string; subscription: string; id: string; name: string; what: string };

const sensorPods = "kubectl get pods -A -o wide -l 'app in (defender,defender-k8s-sensor)'";

/** Commands from the Azure CLI's reference (`az aks`, `az security pricing`, `az tag`), roles from Defender's pages. */
const ways: Partial<Record<GapKind, Way>> = {
  "plan-off": {
    role: "security",
    command: ({ subscription }) =>
      `az security pricing create --subscription ${subscription} --name Containers --tier standard`,
    page: "settings",
  },
  "extension-off": { role: "security", page: "settings" },
  "extension-failed": { role: "owner", page: "settings" },
  "sensor-off": {
    role: "sensor",
    command: ({ cluster, what }) => enableSensor(cluster, what),
    page: "resource",
  },
  "sensor-not-ready": {
    role: "aks",
    command: () => sensorPods,
    page: "resource",
  },
  "sensor-helm": { command: () => sensorPods },
  "sensor-old": { role: "aks", command: () => "helm list -A | grep -i defender", page: "resource" },
  "sensor-excluded": {
    role: "aks",
    // Deleting compares values, whose letter case counts [Azure docs, tags]: the tag as the cluster has it.
    command: ({ id, what }) =>
      `az tag update --resource-id ${shellWord(id)} --operation delete --tags ${shellWord(what)}`,
    page: "resource",
  },
  "policy-off": {
    role: "aks",
    command: ({ cluster }) => `az aks enable-addons ${cluster} --addons azure-policy`,
    page: "resource",
  },
  "policy-not-ready": {
    role: "aks",
    command: () => "kubectl get pods -n kube-system | grep azure-policy\nkubectl get constrainttemplates",
    page: "resource",
  },
  "provisioning-missing": { role: "owner", page: "settings" },
  "provisioning-localised": { role: "owner", page: "settings" },
  "foundational-off": { role: "security", page: "settings" },
  "workspace-missing": {
    role: "workspace",
    command: ({ what }) => {
      const { subscription = "", resourceGroup = "", name = "" } = readResourceId(what) ?? {};
      return `az monitor log-analytics workspace recover --subscription ${subscription} -g ${shellWord(resourceGroup)} -n ${shellWord(name)}`;
    },
  },
  "no-results": {
    role: "aks",
    command: () => `${sensorPods}\nkubectl logs -n NAMESPACE POD --all-containers --tail=100`,
    page: "resource",
  },
  "workspace-other": {
    role: "sensor",
    command: ({ cluster }) => `az aks update ${cluster} --enable-defender --defender-config FILE`,
    page: "resource",
  },
  "managed-elsewhere": { role: "security", page: "settings" },
  stopped: { role: "aks", command: ({ cluster }) => `az aks start ${cluster}`, page: "resource" },
  "standard-off": { role: "security", page: "compliance" },
  "gating-off": { role: "security", page: "settings" },
  "antimalware-off": { role: "security", page: "settings" },
  "version-old": {
    role: "aks",
    command: ({ cluster }) => `az aks get-upgrades ${cluster} --output table`,
    page: "resource",
  },
  "sensor-unchecked": { command: ({ name }) => `/defender status cluster:${name}` },
  "drift-rule-unknown": { command: ({ name }) => `/defender simulate binary-drift ${name}` },
};

const unread: readonly GapKind[] = [
  "plan-unknown",
  "extension-unknown",
  "sensor-unknown",
  "policy-unknown",
  "provisioning-unknown",
  "foundational-unknown",
  "standard-unknown",
  "workspace-unknown",
];

const blades = {
  settings: "/#view/Microsoft_Azure_Security/SecurityMenuBlade/~/EnvironmentSettings",
  compliance: "/#view/Microsoft_Azure_Security/SecurityMenuBlade/~/22",
};

/** The button that opens the fixes of a scope, or of everything. */
export function showFixes(scope: string | undefined, language: Language): Button {
  const line = commandLine(["status-details", "fixes", ...(scope === undefined ? [] : [scope])]);
  return { label: fixWords(language)("show"), line, style: "primary" };
}

/** @param portal the cloud's portal, `https://portal.azure.com` */
export function fixOf(gap: Gap, portal: string, language: Language): Fix {
  const { kind, on, subscription, detail, what } = gap;
  const words = fixWords(language);
  if (isOfOwnPlan(gap)) {
    const command = commandLine(["/defender", "enable", `${on.kind}:${on.id}`]);
    return { say: words("own-plan", { name: on.name }), command, who: words("security") };
  }
  const { role, command, page } = ways[kind] ?? {};
  const names = {
    cluster: clusterArguments(on),
    subscription: subscription.id,
    id: on.id,
    name: on.name,
    what: kind.startsWith("extension") ? extensionWord(what ?? "", language) : (what ?? ""),
  };
  const values = { ...names, subscription: subscription.name, detail: shortId(detail ?? "") };
  return {
    say: words(unread.includes(kind) ? "read" : (kind as "plan-off"), values),
    ...(command && { command: command(names) }),
    ...(page && {
      portal: `${portal}${page === "resource" ? `/#resource${encodeURI(on.id)}` : blades[page]}`,
    }),
    ...(role && { who: words(role) }),
  };
}

/** How the Azure CLI names a cluster [`az aks` reference: `--ids` is not among its arguments]. */
export function clusterArguments({ id, name }: Pick<Gap["on"], "id" | "name">): string {
  const { resourceGroup = "", subscription = "" } = readResourceId(id) ?? {};
  return `--subscription ${subscription} -g ${shellWord(resourceGroup)} -n ${shellWord(name)}`;
}

/**
 * Turns the sensor of a cluster on. Without a workspace the Azure CLI takes the default one of the region, whatever the
 * profile names [azure-cli, acs: get_defender_config].
 */
export function enableSensor(cluster: string, workspace = ""): string {
  const update = `az aks update ${cluster} --enable-defender`;
  if (!workspace) return update;
  const config = shellWord(JSON.stringify({ logAnalyticsWorkspaceResourceId: workspace }));
  return `echo ${config} > defender.json\n${update} --defender-config defender.json`;
}

/** The same in one line, as a list or a file has it. */
export function fixLine(gap: Gap, language: Language): string {
  const { say, command } = fixOf(gap, "", language);
  return command ? `${say} ${command.replaceAll("\n", "; ")}` : say;
}
