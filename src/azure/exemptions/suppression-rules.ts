import type { ExemptionPlan, InForce, RuleCondition } from "../../domain/exemptions/exemptions.ts";
import { readResourceId } from "../../domain/resource-id.ts";
import type { SuppressionRule } from "../../ports/azure.ts";
import { field, isoTime, list, text, texts } from "../fields.ts";
import { placeOf } from "../place.ts";
import { namesOf } from "../subscriptions.ts";

export const rulesVersion = "2019-01-01-preview";
/** Values of a condition that are said; more are counted. */
const mostWords = 5;

export function rulesPath(subscription: string): string {
  return `/subscriptions/${subscription}/providers/Microsoft.Security/alertsSuppressionRules`;
}

/** One rule [alertsSuppressionRules 2019-01-01-preview]; `*` is every type. A rule that says nothing of its state counts. */
export function readRule(value: unknown): SuppressionRule {
  const about = field(value, "properties");
  return {
    name: text(field(value, "name"), 200),
    alertType: text(field(about, "alertType"), 200),
    enabled: text(field(about, "state"), 50).toLowerCase() !== "disabled",
    scoped: list(field(about, "suppressionAlertsScope", "allOf")).length > 0,
    expires: isoTime(field(about, "expirationDateUtc")),
  };
}

/** The same as something that is in force, with where it holds and why. */
export function ruleInForce(value: unknown, subscription: InForce["subscription"]): InForce {
  const { name, alertType, enabled, expires } = readRule(value);
  const about = field(value, "properties");
  const conditions = list(field(about, "suppressionAlertsScope", "allOf"))
    .slice(0, 10)
    .map(readCondition);
  return {
    kind: "alert",
    id: `${rulesPath(subscription.id)}/${name}`,
    what: alertType,
    where: conditions.map(placeWords).join(", "),
    ...placesOf(conditions, subscription),
    subscription,
    enabled,
    ...(expires && { expires }),
    reason: text(field(about, "comment"), 500) || text(field(about, "reason"), 100),
  };
}

/** The body of a PUT, as in the published example. Azure keeps who asked in the comment alone. */
export function ruleBody(plan: ExemptionPlan, comment: string): object {
  return {
    properties: {
      alertType: plan.what,
      expirationDateUtc: plan.expires,
      state: "Enabled",
      reason: "Other",
      comment,
      ...(plan.conditions.length > 0 && { suppressionAlertsScope: { allOf: plan.conditions } }),
    },
  };
}

function readCondition(value: unknown): RuleCondition {
  const values = texts(field(value, "in"), 100, 500);
  const contains = text(field(value, "contains"), 500);
  return {
    field: text(field(value, "field"), 200),
    ...(values.length > 0 && { in: values }),
    ...(contains && { contains }),
  };
}

/** The places that the conditions name: all of them have to hold, so those of one of them are enough. */
function placesOf(conditions: readonly RuleCondition[], subscription: InForce["subscription"]) {
  const names = namesOf([subscription]);
  const ids = conditions.map((one) => {
    const group = groupOf(one);
    return group ? [`/subscriptions/${subscription.id}/resourceGroups/${group}`] : (one.in ?? []);
  });
  const named = ids.find((some) => some.length > 0 && some.every((id) => readResourceId(id)));
  return named && { places: named.map((id) => placeOf([id], names)) };
}

function groupOf({ contains }: RuleCondition): string | undefined {
  return /^\/resourceGroups\/([^/]+)\/$/i.exec(contains ?? "")?.[1];
}

/** The name of a resource, where the condition is about one; else the condition in short. */
function placeWords(condition: RuleCondition): string {
  const { field: name, in: values = [], contains } = condition;
  const resources = values.map((one) => readResourceId(one)?.name);
  const named = resources.length > 0 && resources.every((one) => one !== undefined) ? resources : undefined;
  const said = named ?? [...values, ...(contains ? [`*${contains}*`] : [])];
  const words = said.slice(0, mostWords).join(", ");
  const more = said.length > mostWords ? ` +${said.length - mostWords}` : "";
  return named ? words + more : (groupOf(condition) ?? `${name}: ${words}${more}`);
}
