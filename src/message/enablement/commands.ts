import { provisioningDefinitions } from "../../domain/catalogue/provisioning.ts";
import type { PlannedStep, Values } from "../../domain/enablement/enablement.ts";
import { writtenValue } from "../../domain/recommendations/policy-parameters.ts";
import { shellWord } from "../../text/shell-word.ts";
import { clusterArguments } from "../coverage/fixes.ts";

const scopeOf = ({ on }: PlannedStep) => (on.kind === "subscription" ? `/subscriptions/${on.id}` : on.id);
const planOf = ({ kind }: PlannedStep) => (kind === "foundational" ? "FoundationalCspm" : "Containers");

/** The Azure CLI's lines that make the change of a step, for someone who may [`az` reference]. */
export function commandOf(step: PlannedStep): string {
  if (step.kind === "cluster") return clusterCommand(step);
  if (step.kind === "provisioning") return assignmentCommand(step);
  if (step.kind === "standard") return standardCommand(step);
  if (step.kind === "parameter") return parameterCommand(step, step.after);
  const extensions = extensionsOf(step);
  if (step.on.kind !== "subscription") return restCommand(step, "put", planBody(extensions));
  const listed = extensions.map((name) => ` --extensions name=${name} isEnabled=True`).join("");
  return `az security pricing create --subscription ${step.on.id} --name ${planOf(step)} --tier standard${listed}`;
}

/**
 * Narrows the optional role, which may assign roles: to those that the provisioning policies need, and to identities
 * [Azure RBAC docs, delegate role assignments with conditions].
 */
export function roleCondition(): string {
  const roles = provisioningDefinitions.flatMap((one) => one.roles).join(", ");
  const condition = `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${roles}} AND @Request[Microsoft.Authorization/roleAssignments:PrincipalType] StringEqualsIgnoreCase 'ServicePrincipal'))`;
  return `--condition-version 2.0 --condition ${shellWord(condition)}`;
}

/** The lines that undo it. */
export function undoCommandOf(step: PlannedStep): string {
  const { before, after, on, standard } = step;
  if (step.kind === "cluster") {
    const cluster = clusterArguments(on);
    return [
      after.sensor && `az aks update ${cluster} --disable-defender`,
      !after.sensor &&
        before.workspace &&
        clusterCommand({ ...step, after: { workspace: before.workspace } }),
      after["policy-addon"] && `az aks disable-addons ${cluster} --addons azure-policy`,
    ]
      .filter(Boolean)
      .join("\n");
  }
  if (step.kind === "provisioning")
    return `az policy assignment delete --name ${shellWord(after.assignment ?? "")} --scope ${scopeOf(step)}`;
  if (step.kind === "standard") {
    const name = standard?.split("/").at(-1) ?? "";
    return `az rest --method delete --url ${shellWord(`${scopeOf(step)}/providers/Microsoft.Security/standardAssignments/${name}?api-version=2024-08-01`)}`;
  }
  if (step.kind === "parameter") return parameterCommand(step, before);
  // At one resource: back to what its subscription has [Pricings 2024-01-01, DeleteResourcePricing].
  if (on.kind !== "subscription") return restCommand(step, "delete");
  if (before.pricingTier)
    return `az security pricing create --subscription ${on.id} --name ${planOf(step)} --tier free`;
  const listed = extensionsOf(step)
    .map((name) => ` --extensions name=${name} isEnabled=False`)
    .join("");
  return `az security pricing create --subscription ${on.id} --name ${planOf(step)} --tier standard${listed}`;
}

function extensionsOf({ after }: PlannedStep): string[] {
  return Object.keys(after).filter((name) => name !== "pricingTier" && after[name] === "on");
}

function planBody(extensions: readonly string[]): object {
  const listed = extensions.map((name) => ({ name, isEnabled: "True" }));
  return { properties: { pricingTier: "Standard", extensions: listed } };
}

function restCommand(step: PlannedStep, method: "put" | "delete", body?: object): string {
  const url = `${scopeOf(step)}/providers/Microsoft.Security/pricings/${planOf(step)}?api-version=2024-01-01`;
  return `az rest --method ${method} --url ${shellWord(url)}${body ? ` --body ${shellWord(JSON.stringify(body))}` : ""}`;
}

function clusterCommand({ on, after }: PlannedStep): string {
  const cluster = clusterArguments(on);
  const config = after.workspace
    ? `echo ${shellWord(JSON.stringify({ logAnalyticsWorkspaceResourceId: after.workspace }))} > defender.json\n`
    : "";
  const sensor = `${config}az aks update ${cluster} --enable-defender${config && " --defender-config defender.json"}`;
  return [
    (after.sensor || after.workspace) && sensor,
    after["policy-addon"] && `az aks enable-addons ${cluster} --addons azure-policy`,
  ]
    .filter(Boolean)
    .join("\n");
}

function assignmentCommand(step: PlannedStep): string {
  const { after, location, installs } = step;
  const definition = provisioningDefinitions.find(({ kind }) => kind === installs);
  const name = shellWord(after.assignment ?? "");
  const scope = scopeOf(step);
  const parameters = after.workspace
    ? ` --params ${shellWord(JSON.stringify({ logAnalyticsWorkspaceResourceId: { value: after.workspace } }))}`
    : "";
  const principal = `$(az policy assignment show --name ${name} --scope ${scope} --query identity.principalId --output tsv)`;
  return [
    `az policy assignment create --name ${name} --display-name ${name} --policy ${definition?.id} --scope ${scope} --location ${location} --mi-system-assigned${parameters}`,
    ...(definition?.roles ?? []).map(
      (role) =>
        `az role assignment create --role ${role} --assignee-object-id "${principal}" --assignee-principal-type ServicePrincipal --scope ${scope}`,
    ),
  ].join("\n");
}

function standardCommand(step: PlannedStep): string {
  const name = step.standard?.split("/").at(-1) ?? "";
  const url = `${scopeOf(step)}/providers/Microsoft.Security/standardAssignments/${name}?api-version=2024-08-01`;
  const [displayName] = Object.keys(step.after);
  const properties = { displayName, assignedStandard: { id: step.standard }, effect: "Audit" };
  return `az rest --method put --url ${shellWord(url)} --body ${shellWord(JSON.stringify({ properties }))}`;
}

/** Policy takes an assignment as a whole: reads it, and writes it with the one value changed. */
function parameterCommand({ assignment, after }: PlannedStep, values: Values): string {
  const [word = ""] = Object.keys(after);
  const value = writtenValue(word, values[word] ?? "");
  const url = shellWord(`${assignment?.id}?api-version=2025-01-01`);
  const set = `.properties.parameters[${JSON.stringify(assignment?.parameter)}] = {value: ${JSON.stringify(value)}}`;
  return [
    `az rest --method get --url ${url} | jq ${shellWord(set)} > assignment.json`,
    `az rest --method put --url ${url} --body @assignment.json`,
  ].join("\n");
}
