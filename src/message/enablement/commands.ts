import { findExtension } from "../../domain/catalogue/extensions.ts";
import { provisioningDefinitions } from "../../domain/catalogue/provisioning.ts";
import type { PlannedStep, Values } from "../../domain/enablement/enablement.ts";
import { extensionsAt } from "../../domain/enablement/wanted.ts";
import { writtenValue } from "../../domain/recommendations/policy-parameters.ts";
import { shellWord } from "../../text/shell-word.ts";
import { clusterArguments, enableSensor } from "../coverage/fixes.ts";

const scopeOf = ({ on }: PlannedStep) => (on.kind === "subscription" ? `/subscriptions/${on.id}` : on.id);
const planOf = ({ kind }: PlannedStep) => (kind === "foundational" ? "FoundationalCspm" : "Containers");

/** The Azure CLI's lines that make the change of a step, for someone who may [`az` reference]. */
export function commandOf(step: PlannedStep): string {
  if (step.kind === "cluster") return clusterCommand(step);
  if (step.kind === "provisioning") return assignmentCommand(step);
  if (step.kind === "standard") return standardCommand(step);
  if (step.kind === "parameter") return parameterCommand(step, step.after);
  return planCommand(step, step.after);
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
  return planCommand(step, before);
}

/**
 * The plan with these values of the step's settings. Where it is turned on, every extension is named, as `planBody` does:
 * Azure turns on those that aren't. Properties of an extension are beyond `az security pricing`.
 */
function planCommand(step: PlannedStep, values: Values): string {
  const { on, kind, after } = step;
  const isOn = (name: string) => values[name] === "on";
  const named = Object.keys(after).filter((name) => findExtension(name));
  const others = kind === "plan" && after.pricingTier ? extensionsAt(on) : [];
  const properties = Object.keys(after)
    .filter((name) => name !== "pricingTier" && !findExtension(name))
    .map((name) => [name, /^true$/i.test(values[name] ?? "") ? "True" : "False"]);
  const sensor = properties.length > 0 && !named.includes("ContainerSensor") ? ["ContainerSensor"] : [];
  const extensions = [...new Set<string>([...named, ...sensor, ...others])].map((name) => ({
    name,
    isEnabled: isOn(name) || sensor.includes(name) ? "True" : "False",
    ...(name === "ContainerSensor" &&
      properties.length > 0 && { additionalExtensionProperties: Object.fromEntries(properties) }),
  }));
  if (on.kind !== "subscription" || properties.length > 0)
    return restCommand(step, "put", { properties: { pricingTier: "Standard", extensions } });
  const listed = extensions.map(({ name, isEnabled }) => ` --extensions name=${name} isEnabled=${isEnabled}`);
  return `az security pricing create --subscription ${on.id} --name ${planOf(step)} --tier standard${listed.join("")}`;
}

function restCommand(step: PlannedStep, method: "put" | "delete", body?: object): string {
  const url = `${scopeOf(step)}/providers/Microsoft.Security/pricings/${planOf(step)}?api-version=2024-01-01`;
  return `az rest --method ${method} --url ${shellWord(url)}${body ? ` --body ${shellWord(JSON.stringify(body))}` : ""}`;
}

function clusterCommand({ on, after, workspace }: PlannedStep): string {
  const cluster = clusterArguments(on);
  return [
    (after.sensor || after.workspace) && enableSensor(cluster, after.workspace ?? workspace),
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
