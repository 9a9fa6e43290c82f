import type { Ports } from "../definitions/ports.ts";
import { type Target, targetName, targetsOf } from "../domain/exemptions/exemption-target.ts";
import type { Scope } from "../domain/scope/scope.ts";
import { scopeText } from "../domain/scope/scope.ts";
import { UserError } from "../errors.ts";
import { noMatchText } from "../message/scope.ts";
import { findScope } from "./scope.ts";

/**
 * The one place that a scope names.
 * @param again the command line with another scope
 * @throws UserError where it names none or several; UpstreamError where the estate can't be read
 */
export async function findTarget(
  ports: Pick<Ports, "azure" | "clock" | "readings">,
  scope: Scope,
  again: (scope: string) => string,
): Promise<Target> {
  const { azure } = ports;
  const [subscriptions, targets] = await Promise.all([azure.subscriptions(), azure.targets()]);
  const matching = targetsOf(scope, { ...targets.value, subscriptions: subscriptions.value });
  if (matching.length === 1) return matching[0]!;
  const word = scopeText(scope);
  if (matching.length > 1) {
    const names = matching.slice(0, 5).map(targetName).join(", ");
    throw new UserError({
      en: `“${word}” matches ${matching.length} places: ${names}. Name exactly one, with sub:, rg:, cluster: or registry: in front, or by its resource ID.`,
      ja: `「${word}」に一致する対象が ${matching.length} 件あります: ${names}。sub:、rg:、cluster:、registry: を付けるか、リソース ID で 1 つだけ指定してください。`,
    });
  }
  const match = await findScope(ports, scope);
  if (match.kind === "matched")
    throw new UserError({
      en: `“${word}” couldn't be read in Azure.`,
      ja: `「${word}」を Azure から読み取れませんでした。`,
    });
  const unmatched = { scope, match };
  throw new UserError(
    { en: noMatchText(unmatched, "en"), ja: noMatchText(unmatched, "ja") },
    match.near && again(match.near),
  );
}
