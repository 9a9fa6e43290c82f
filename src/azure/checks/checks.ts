import type { Check } from "../../domain/check.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Subscription } from "../../ports/azure.ts";
import { each } from "../../text/each.ts";
import type { Client } from "../client/client.ts";
import { detailOf, whyUnread } from "../client/problem.ts";
import { count, field } from "../fields.ts";
import { type AskDetails, detailScopes } from "../findings/cve-details.ts";
import { type GraphDeps, subscriptionOf } from "../graph/from-graph.ts";
import { queryText } from "../graph/queries.ts";
import {
  allows,
  missingActions,
  readPermission,
  roleName,
  subscriptionActions,
} from "../permissions/required-actions.ts";
import { optionalRoles } from "./optional-roles.ts";
import { abacRegistries } from "./registry-checks.ts";
import { retryLater } from "./retry-later.ts";
import { assignRole } from "./role-commands.ts";
import { claim } from "./token-claims.ts";

export type CheckDeps = GraphDeps & { askDetails: AskDetails };

/** Doctor's checks of Azure: the token, what is in scope, Resource Graph, CVE details, and the role in each subscription. */
export function azureChecks(settings: Settings, client: Client, deps: CheckDeps) {
  return async (): Promise<Check[]> => {
    let token: string;
    try {
      token = await client.token();
    } catch (error) {
      const fix =
        "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or give the host a managed identity";
      const said = detailOf(error);
      const ja = {
        name: "Azure トークン",
        said,
        fix: "AZURE_TENANT_ID、AZURE_CLIENT_ID、AZURE_CLIENT_SECRET を設定するか、ホストにマネージド ID を割り当ててください",
      };
      return [{ name: "Azure token", state: "failed", said, fix, ja }];
    }
    const principal = claim(token, "oid") ?? "PRINCIPAL_ID";
    const { audience } = settings.azure;
    const ja = { name: "Azure トークン", said: `対象: ${audience}` };
    const checks: Check[] = [{ name: "Azure token", state: "ok", said: `for ${audience}`, ja }];
    try {
      const { value, unread } = await deps.subscriptions();
      checks.push(scopeCheck(value, principal));
      for (const { name, why, detail } of unread) {
        const [said, fix] = [`${why}: ${detail}`, scopeFix(name, principal)];
        const japanese = { name: `Azure のスコープ ${name}`, said, fix };
        checks.push({ name: `Azure scope ${name}`, state: "failed", said, fix, ja: japanese });
      }
      checks.push(await graphCheck(value, deps));
      checks.push(await detailsCheck(settings, token, principal, value, deps));
      checks.push(...(await each(value, (one) => rightsCheck(one, principal, client))));
      checks.push(...(await abacRegistries(value, principal, client, deps)));
    } catch (error) {
      const [said, fix] = [detailOf(error), fixFor(error, settings)];
      const japanese = { name: subscriptionsInJapanese, said, fix };
      checks.push({ name: "Azure subscriptions", state: "failed", said, fix, ja: japanese });
    }
    return checks;
  };
}

const subscriptionsInJapanese = "Azure のサブスクリプション";

function scopeCheck(visible: Subscription[], principal: string): Check {
  const name = "Azure subscriptions";
  const seen = visible.length;
  const fix = assign("SUBSCRIPTION_ID", principal);
  const ja = { name: subscriptionsInJapanese };
  return seen > 0
    ? { name, state: "ok", said: `${seen} in scope`, ja: { ...ja, said: `対象は ${seen} 個` } }
    : {
        name,
        state: "failed",
        said: "no subscription is visible",
        fix,
        ja: { ...ja, said: "1 つも参照できません", fix },
      };
}

async function graphCheck(asked: Subscription[], { graph }: GraphDeps): Promise<Check> {
  const name = "Azure Resource Graph";
  try {
    const { rows } = await graph("visible-subscriptions", asked);
    const present = new Set(rows.map(subscriptionOf));
    const silent = asked.filter(({ id }) => !present.has(id));
    const said = `answers for ${asked.length - silent.length} of ${asked.length} subscriptions`;
    if (silent.length === 0) return { name, state: "ok", said };
    const names = silent.map((one) => one.name).join(", ");
    const ja = { name, said: `応答のないサブスクリプション: ${names}`, fix: update() };
    return { name, state: "failed", said: `${said}; silent: ${names}`, fix: update(), ja };
  } catch (error) {
    return { name, state: "failed", said: detailOf(error), fix: update() };
  }
}

/** Without the permission there is no row, and no error [Defender docs, transition to individual recommendations]. */
async function detailsCheck(
  settings: Settings,
  token: string,
  principal: string,
  asked: Subscription[],
  deps: CheckDeps,
): Promise<Check> {
  const name = "Azure CVE details";
  const japanese = "Azure の CVE の詳細";
  const tenant = claim(token, "tid") ?? "TENANT_ID";
  const fix = readerOf(settings.scope.managementGroups[0] ?? tenant, principal);
  try {
    const query = await queryText("cve-details-probe");
    for (const scope of detailScopes(settings))
      if ((await deps.askDetails(query, scope, { top: 1 })).rows.length > 0)
        return { name, state: "ok", said: "readable", ja: { name: japanese, said: "読み取り可能" } };
    if (!(await needsDetails(asked, deps))) {
      const ja = { name: japanese, said: "不要 (CVE の詳細が必要な検出結果はありません)" };
      return { name, state: "ok", said: "not needed: no finding depends on them", ja };
    }
    const said = "no access: severity, exploits and EPSS of findings are incomplete";
    const ja = {
      name: japanese,
      said: "アクセスできません。検出結果の重大度、エクスプロイト、EPSS が不完全です",
      fix,
    };
    return { name, state: "failed", said, fix, ja };
  } catch (error) {
    const said = detailOf(error);
    const ja = { name: japanese, said, fix: retryLater.ja };
    return { name, state: "unknown", said, fix: retryLater.en, ja };
  }
}

/** Rows of sovereign clouds and of older tenants have everything themselves. What cannot be counted may need them. */
async function needsDetails(asked: Subscription[], { graph }: CheckDeps): Promise<boolean> {
  const { rows, failed } = await graph("cve-details-needed", asked);
  return failed.length > 0 || rows.some((row) => (count(field(row, "findings")) ?? 0) > 0);
}

function readerOf(group: string, principal: string): string {
  return assignRole(
    "Security Reader",
    principal,
    `/providers/Microsoft.Management/managementGroups/${group}`,
  );
}

async function rightsCheck(
  { id, name, state }: Subscription,
  principal: string,
  client: Client,
): Promise<Check> {
  const what = `Azure permissions in ${name}`;
  const japanese = `${name} での Azure の権限`;
  const note = state === "Enabled" ? "" : ` (subscription is ${state})`;
  try {
    const path = `/subscriptions/${id}/providers/Microsoft.Authorization/permissions`;
    const permissions = (await client.list(path, "2022-04-01")).map(readPermission);
    const missing = missingActions(permissions);
    if (missing.length === 0) {
      const all = subscriptionActions.length;
      const optional = optionalRoles.filter(({ actions }) =>
        actions.some(({ action }) => !allows(permissions, action)),
      );
      const names = optional.map(({ name: role }) => `"${role}"`).join(", ");
      const extra = names ? `; not assigned: ${names} (optional)` : "";
      const extraJa = names ? `。未割り当て: ${names} (省略可能)` : "";
      const ja = { name: japanese, said: `${all} 個のアクションすべて${extraJa}` };
      const approvals = optional.length < optionalRoles.length && { approvals: true as const };
      return { name: what, state: "ok", said: `all ${all} actions${note}${extra}`, ja, ...approvals };
    }
    // Without any right in Defender the role is not assigned here; with some, the role itself is older than the bot.
    const assigned = subscriptionActions.some(
      ({ action }) => action.startsWith("Microsoft.Security/") && !missing.includes(action),
    );
    const fix = assigned ? update() : assign(id, principal);
    const names = missing.join(", ");
    const ja = { name: japanese, said: `不足しているアクション: ${names}`, fix };
    return { name: what, state: "failed", said: `missing: ${names}${note}`, fix, ja };
  } catch (error) {
    const denied = whyUnread(error) === "denied";
    const said = `${detailOf(error)}${note}`;
    const [fix, fixJa] = denied
      ? [assign(id, principal), assign(id, principal)]
      : [retryLater.en, retryLater.ja];
    const ja = { name: japanese, said, fix: fixJa };
    return { name: what, state: denied ? "failed" : "unknown", said, fix, ja };
  }
}

function assign(subscription: string, principal: string): string {
  return assignRole(roleName, principal, `/subscriptions/${subscription}`);
}

function update(): string {
  return "az role definition update --role-definition docs/azure-role.json";
}

function scopeFix(name: string, principal: string): string {
  return /^[0-9a-f-]{36}$/i.test(name)
    ? assign(name, principal)
    : assignRole(roleName, principal, `/providers/Microsoft.Management/managementGroups/${name}`);
}

function fixFor(error: unknown, { azure }: Settings): string {
  return whyUnread(error) === "unreachable"
    ? `curl -I ${azure.resourceManager} (network, HTTPS_PROXY, NODE_EXTRA_CA_CERTS)`
    : "az account list --all --output table";
}
