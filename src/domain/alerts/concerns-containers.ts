/** What decides whether an alert is about containers. */
type AlertSubject = {
  type: string;
  /** `productComponentName`. */
  component: string;
  /** Ids of the Azure resources that it names. */
  resources: readonly string[];
};

/** Alert types of Defender for Containers and of the plans before it [docs, "Alerts for containers"]. */
const containerTypes =
  /^(K8S|AKS|ACR|KUBERNETES|CONTAINER|CONTAINERREGISTRY|CONTAINERS|GATED|DCSPM_CONTAINER)[._-]/i;
const containerResource =
  /\/providers\/(microsoft\.containerservice|microsoft\.containerregistry|microsoft\.kubernetes|microsoft\.kubernetesconfiguration|microsoft\.containerinstance|microsoft\.redhatopenshift)\//i;
/** Node pools: the resource group that AKS makes for them, or the names that AKS gives to scale sets. */
const nodeResource =
  /\/resourcegroups\/mc_[^/]+\/providers\/microsoft\.compute\/|\/virtualmachinescalesets\/aks-[^/]+-vmss(\/|$)/i;
const component = /container|kubernetes|k8s|\baks\b|\bacr\b/i;
/** Types of other plans whose alerts name only a subscription [docs, alerts by plan: Resource Manager, DNS, …]. */
const otherTypes =
  /^(ARM|VM|SQL|STORAGE|KV|KEYVAULT|APPSERVICES?|AZUREDNS|DNS|COSMOSDB|API|AI|AZURESQL)[._-]/i;

/**
 * True where an alert concerns containers, or where nothing says that it does not: one too many is shown rather than
 * one dropped. Only what is positively another kind of resource is left out.
 */
export function concernsContainers({ type, component: product, resources }: AlertSubject): boolean {
  if (containerTypes.test(type) || component.test(product)) return true;
  if (resources.some((id) => containerResource.test(id) || nodeResource.test(id))) return true;
  const named = resources.filter((id) => /\/providers\/[^/]+\/[^/]+\/[^/]+/i.test(id));
  return named.length === 0 && !otherTypes.test(type);
}
