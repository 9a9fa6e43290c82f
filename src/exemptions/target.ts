import type { Ports } from "../definitions/ports.ts";
import { type Target, targetName, targetsOf } from "../domain/exemption-target.ts";
import type { Scope } from "../domain/scope.ts";
import { scopeText } from "../domain/scope.ts";
import { UserError } from "../errors.ts";

/**
 * The one place that a scope names.
 * @throws UserError where it names none or several; UpstreamError where the estate can't be read
 */
export async function findTarget({ azure }: Pick<Ports, "azure">, scope: Scope): Promise<Target> {
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
  const unread = new Set([...subscriptions.unread, ...targets.unread].map(({ id }) => id)).size;
  throw new UserError({
    en: `Nothing matches “${word}”${unread > 0 ? `, but ${unread} subscriptions couldn't be read` : ""}.`,
    ja: `「${word}」に一致する対象はありません${unread > 0 ? ` (読み取れなかったサブスクリプション: ${unread} 件)` : ""}。`,
  });
}
