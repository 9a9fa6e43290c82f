import type { Check } from "../../domain/check.ts";
import type { Unread } from "../../domain/reading/reading.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Subscription } from "../../ports/azure.ts";
import { each } from "../../text/each.ts";
import type { Choose } from "../../text/language.ts";
import { listed } from "../../text/listed.ts";
import type { Client } from "../client/client.ts";
import { detailOf, whyUnread } from "../client/problem.ts";
import { count, field } from "../fields.ts";
import { type AskDetails, detailScopes } from "../findings/cve-details.ts";
import { type GraphDeps, subscriptionOf } from "../graph/from-graph.ts";
import { queryText } from "../graph/queries.ts";
import {
  isOurRole,
  missingActions,
  type Permission,
  readPermission,
  roleName,
  subscriptionActions,
} from "../permissions/required-actions.ts";
import { optionalGrants } from "./optional-roles.ts";
import { abacRegistries } from "./registry-checks.ts";
import { retryLater } from "./retry-later.ts";
import { assignRole } from "./role-commands.ts";
import { claim } from "./token-claims.ts";

export type CheckDeps = GraphDeps & { askDetails: AskDetails };

/** Doctor's checks of Azure: the token, what is in scope, Resource Graph, CVE details, and the role in each subscription. */
export function azureChecks(settings: Settings, client: Client, deps: CheckDeps) {
  return async (choose: Choose): Promise<Check[]> => {
    const name = choose({ en: "Azure token", ja: "Azure トークン" });
    let token: string;
    try {
      token = await client.token();
    } catch (error) {
      const fix = choose({
        en: "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or give the host a managed identity",
        ja: "AZURE_TENANT_ID、AZURE_CLIENT_ID、AZURE_CLIENT_SECRET を設定するか、ホストにマネージド ID を割り当ててください",
      });
      return [{ name, state: "failed", said: detailOf(error), fix }];
    }
    const principal = claim(token, "oid") ?? "PRINCIPAL_ID";
    const { audience } = settings.azure;
    const said = choose({ en: `for ${audience}`, ja: `対象: ${audience}` });
    return [
      { name, state: "ok", said },
      ...(await scopeChecks(settings, { token, principal }, client, deps, choose)),
    ];
  };
}

type Identity = { token: string; principal: string };

async function scopeChecks(
  settings: Settings,
  identity: Identity,
  client: Client,
  deps: CheckDeps,
  choose: Choose,
): Promise<Check[]> {
  const { principal } = identity;
  const checks: Check[] = [];
  try {
    const { value, unread } = await deps.subscriptions();
    checks.push(visibleCheck(value.length, principal, choose));
    for (const one of unread) {
      const name = choose({ en: `Azure scope ${one.name}`, ja: `Azure のスコープ ${one.name}` });
      const fix = scopeFix(one, settings, principal, choose);
      checks.push({ name, state: "failed", said: `${one.why}: ${one.detail}`, fix });
    }
    checks.push(await graphCheck(value, principal, deps, choose));
    checks.push(await detailsCheck(settings, identity, value, deps, choose));
    checks.push(...(await each(value, (one) => rightsCheck(one, principal, client, choose))));
    checks.push(...(await abacRegistries(value, principal, client, deps, choose)));
  } catch (error) {
    const name = choose(subscriptionsName);
    checks.push({ name, state: "failed", said: detailOf(error), fix: fixFor(error, settings, choose) });
  }
  return checks;
}

const subscriptionsName = { en: "Azure subscriptions", ja: "Azure のサブスクリプション" };

function visibleCheck(seen: number, principal: string, choose: Choose): Check {
  const name = choose(subscriptionsName);
  if (seen > 0)
    return { name, state: "ok", said: choose({ en: `${seen} in scope`, ja: `対象は ${seen} 個` }) };
  const said = choose({ en: "no subscription is visible", ja: "1 つも参照できません" });
  return { name, state: "failed", said, fix: assign("SUBSCRIPTION_ID", principal) };
}

async function graphCheck(
  asked: Subscription[],
  principal: string,
  { graph }: GraphDeps,
  choose: Choose,
): Promise<Check> {
  const fix = ({ id }: { id: string } = { id: "SUBSCRIPTION_ID" }) => assign(id, principal);
  const name = "Azure Resource Graph";
  try {
    const { rows } = await graph("visible-subscriptions", asked);
    const present = new Set(rows.map(subscriptionOf));
    const silent = asked.filter(({ id }) => !present.has(id));
    const all = asked.length;
    const answering = all - silent.length;
    const names = listed(
      silent.map((one) => one.name),
      10,
    );
    const said = choose({
      en: `answers for ${answering} of ${all} subscriptions${names && `; silent: ${names}`}`,
      ja: `サブスクリプション ${all} 個中 ${answering} 個について応答${names && `。応答なし: ${names}`}`,
    });
    return names ? { name, state: "failed", said, fix: fix(silent[0]) } : { name, state: "ok", said };
  } catch (error) {
    const said = detailOf(error);
    return whyUnread(error) === "denied"
      ? { name, state: "failed", said, fix: fix(asked[0]) }
      : { name, state: "unknown", said, fix: choose(retryLater) };
  }
}

/** Without the permission there is no row, and no error [Defender docs, transition to individual recommendations]. */
async function detailsCheck(
  settings: Settings,
  { token, principal }: Identity,
  asked: Subscription[],
  deps: CheckDeps,
  choose: Choose,
): Promise<Check> {
  const name = choose({ en: "Azure CVE details", ja: "Azure の CVE の詳細" });
  const tenant = claim(token, "tid") ?? "TENANT_ID";
  const fix = readerOf(settings.scope.managementGroups[0] ?? tenant, principal);
  try {
    const query = await queryText("cve-details-probe");
    for (const scope of detailScopes(settings))
      if ((await deps.askDetails(query, scope, { top: 1 })).rows.length > 0)
        return { name, state: "ok", said: choose({ en: "readable", ja: "読み取り可能" }) };
    const needed = await needsDetails(asked, deps);
    const said = choose(
      needed
        ? {
            en: "no access: severity, exploits and EPSS of findings are incomplete",
            ja: "アクセスできません。検出結果の重大度、エクスプロイト、EPSS が不完全です",
          }
        : {
            en: "not needed: no finding depends on them",
            ja: "不要 (CVE の詳細が必要な検出結果はありません)",
          },
    );
    return needed ? { name, state: "failed", said, fix } : { name, state: "ok", said };
  } catch (error) {
    return { name, state: "unknown", said: detailOf(error), fix: choose(retryLater) };
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
  { id, name: subscription, state }: Subscription,
  principal: string,
  client: Client,
  choose: Choose,
): Promise<Check> {
  const name = choose({
    en: `Azure permissions in ${subscription}`,
    ja: `${subscription} での Azure の権限`,
  });
  const note =
    state === "Enabled"
      ? ""
      : choose({ en: ` (subscription is ${state})`, ja: ` (サブスクリプションの状態: ${state})` });
  try {
    const path = `/subscriptions/${id}/providers/Microsoft.Authorization/permissions`;
    const permissions = (await client.list(path, "2022-04-01")).map(readPermission);
    const missing = missingActions(permissions);
    if (missing.length === 0) return allowedCheck(name, note, permissions, choose);
    const names = missing.join(", ");
    const said = choose({ en: `missing: ${names}`, ja: `不足しているアクション: ${names}` }) + note;
    const fix = permissions.some(isOurRole) ? choose(updateRole) : assign(id, principal);
    return { name, state: "failed", said, fix };
  } catch (error) {
    const said = `${detailOf(error)}${note}`;
    return whyUnread(error) === "denied"
      ? { name, state: "failed", said, fix: assign(id, principal) }
      : { name, state: "unknown", said, fix: choose(retryLater) };
  }
}

/** All that is needed is there; which of the optional roles are not is said too. */
function allowedCheck(name: string, note: string, permissions: Permission[], choose: Choose): Check {
  const all = subscriptionActions.length;
  const grants = optionalGrants(permissions);
  const named = (wanted: string) =>
    grants.flatMap(({ name: role, state }) => (state === wanted ? `"${role}"` : [])).join(", ");
  const [absent, part] = [named("absent"), named("part")];
  const said = choose({
    en: `all ${all} actions${note}${absent && `; not assigned: ${absent} (optional)`}${part && `; in part: ${part}`}`,
    ja: `${all} 個のアクションすべて${note}${absent && `。未割り当て: ${absent} (省略可能)`}${part && `。一部のみ: ${part}`}`,
  });
  const approvals = grants.some(({ state }) => state !== "absent") && { approvals: true as const };
  return { name, state: "ok", said, ...approvals };
}

function assign(subscription: string, principal: string): string {
  return assignRole(roleName, principal, `/subscriptions/${subscription}`);
}

/** For a role that is assigned, but older than the bot. */
const updateRole = {
  en: "az role definition update --role-definition docs/azure-role.json (with your scopes in AssignableScopes)",
  ja: "az role definition update --role-definition docs/azure-role.json (AssignableScopes は自分のスコープ)",
};

/** A part of the scope that can't be read: a management group, a subscription in one, or a name that no one answers to. */
function scopeFix({ id }: Unread, { scope }: Settings, principal: string, choose: Choose): string {
  if (scope.managementGroups.includes(id))
    return assignRole(roleName, principal, `/providers/Microsoft.Management/managementGroups/${id}`);
  if (/^[0-9a-f-]{36}$/i.test(id)) return assign(id, principal);
  const command = assign("SUBSCRIPTION_ID", principal);
  return choose({
    en: `Correct it in breakwater.yaml → scope: { subscriptions: […] }, or, if it's right: ${command}`,
    ja: `breakwater.yaml → scope: { subscriptions: […] } の誤りを直すか、正しい場合は次を実行: ${command}`,
  });
}

function fixFor(error: unknown, { azure }: Settings, choose: Choose): string {
  return whyUnread(error) === "unreachable"
    ? `curl -I ${azure.resourceManager} (network, HTTPS_PROXY, NODE_EXTRA_CA_CERTS)`
    : choose(retryLater);
}
