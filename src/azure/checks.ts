import type { Check, Subscription } from "../ports.ts";
import type { Settings } from "../settings/settings.ts";
import type { Client } from "./client.ts";
import { each } from "./each.ts";
import { field, list, texts } from "./fields.ts";
import { type GraphDeps, subscriptionOf } from "./from-graph.ts";
import { detailOf, whyUnread } from "./problem.ts";
import { missingActions, type Permission, roleName, subscriptionActions } from "./required-actions.ts";

/** Doctor's checks of Azure: the token, what is in scope, Resource Graph, and the role in each subscription. */
export function azureChecks(settings: Settings, client: Client, deps: GraphDeps) {
  return async (): Promise<Check[]> => {
    let token: string;
    try {
      token = await client.token();
    } catch (error) {
      const mend =
        "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or give the host a managed identity";
      return [{ name: "Azure token", state: "failed", said: detailOf(error), mend }];
    }
    const principal = objectId(token) ?? "PRINCIPAL_ID";
    const checks: Check[] = [{ name: "Azure token", state: "ok", said: `for ${settings.azure.audience}` }];
    try {
      const { value, unread } = await deps.subscriptions();
      checks.push(scopeCheck(value, principal));
      for (const { name, why, detail } of unread)
        checks.push({
          name: `Azure scope ${name}`,
          state: "failed",
          said: `${why}: ${detail}`,
          mend: scopeMend(name, principal),
        });
      checks.push(await graphCheck(value, deps));
      checks.push(...(await each(value, (one) => rightsCheck(one, principal, client))));
    } catch (error) {
      checks.push({
        name: "Azure subscriptions",
        state: "failed",
        said: detailOf(error),
        mend: mendFor(error, settings),
      });
    }
    return checks;
  };
}

function scopeCheck(visible: Subscription[], principal: string): Check {
  const name = "Azure subscriptions";
  if (visible.length > 0) return { name, state: "ok", said: `${visible.length} in scope` };
  return { name, state: "failed", said: "none is visible", mend: assign("SUBSCRIPTION_ID", principal) };
}

async function graphCheck(asked: Subscription[], { graph }: GraphDeps): Promise<Check> {
  const name = "Azure Resource Graph";
  try {
    const { rows } = await graph("visible-subscriptions", asked);
    const present = new Set(rows.map(subscriptionOf));
    const silent = asked.filter(({ id }) => !present.has(id));
    const said = `answers for ${asked.length - silent.length} of ${asked.length} subscriptions`;
    if (silent.length === 0) return { name, state: "ok", said };
    return {
      name,
      state: "failed",
      said: `${said}; silent: ${silent.map((one) => one.name).join(", ")}`,
      mend: update(),
    };
  } catch (error) {
    return { name, state: "failed", said: detailOf(error), mend: update() };
  }
}

async function rightsCheck(
  { id, name, state }: Subscription,
  principal: string,
  client: Client,
): Promise<Check> {
  const what = `Azure rights in ${name}`;
  const note = state === "Enabled" ? "" : ` (subscription is ${state})`;
  try {
    const path = `/subscriptions/${id}/providers/Microsoft.Authorization/permissions`;
    const permissions = (await client.list(path, "2022-04-01")).map(readPermission);
    const missing = missingActions(permissions);
    if (missing.length === 0)
      return { name: what, state: "ok", said: `all ${subscriptionActions.length} actions${note}` };
    // Without any right in Defender the role is not assigned here; with some, the role itself is older than the bot.
    const assigned = subscriptionActions.some(
      ({ action }) => action.startsWith("Microsoft.Security/") && !missing.includes(action),
    );
    const mend = assigned ? update() : assign(id, principal);
    return { name: what, state: "failed", said: `missing: ${missing.join(", ")}${note}`, mend };
  } catch (error) {
    const denied = whyUnread(error) === "denied";
    return {
      name: what,
      state: denied ? "failed" : "unknown",
      said: `${detailOf(error)}${note}`,
      mend: denied ? assign(id, principal) : undefined,
    };
  }
}

/** One entry of the permissions API; what cannot be read allows nothing. */
export function readPermission(value: unknown): Permission {
  const words = (name: string) =>
    list(field(value, name)).length > 0 ? texts(field(value, name), 2000, 300) : [];
  return { actions: words("actions"), notActions: words("notActions") };
}

function assign(subscription: string, principal: string): string {
  return `az role assignment create --role "${roleName}" --assignee-object-id ${principal} --assignee-principal-type ServicePrincipal --scope /subscriptions/${subscription}`;
}

function update(): string {
  return "az role definition update --role-definition docs/azure-role.json";
}

function scopeMend(name: string, principal: string): string {
  const group = `--scope /providers/Microsoft.Management/managementGroups/${name}`;
  return /^[0-9a-f-]{36}$/i.test(name)
    ? assign(name, principal)
    : `az role assignment create --role "${roleName}" --assignee-object-id ${principal} --assignee-principal-type ServicePrincipal ${group}`;
}

function mendFor(error: unknown, { azure }: Settings): string {
  return whyUnread(error) === "unreachable"
    ? `curl -I ${azure.resourceManager} (network, HTTPS_PROXY, NODE_EXTRA_CA_CERTS)`
    : "az account list --all --output table";
}

/** The principal's object id in an Entra token; undefined where the token is opaque. The token is not verified: it is ours. */
function objectId(token: string): string | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    const found = field(claims, "oid");
    return typeof found === "string" && /^[0-9a-f-]{36}$/i.test(found) ? found : undefined;
  } catch {
    return undefined;
  }
}
