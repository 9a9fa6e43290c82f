import type { Check } from "../../domain/check.ts";
import type { Subscription } from "../../ports/azure.ts";
import { each } from "../../text/each.ts";
import type { Choose } from "../../text/language.ts";
import type { Client } from "../client/client.ts";
import { detailOf } from "../client/problem.ts";
import { field, text } from "../fields.ts";
import type { GraphDeps } from "../graph/from-graph.ts";
import { allowsData, readPermission } from "../permissions/required-actions.ts";
import { isAbac, readerRole, readTags } from "./repository-permissions.ts";
import { retryLater } from "./retry-later.ts";
import { assignRole } from "./role-commands.ts";

/** One call for each, and one line for each that fails. */
const mostRegistries = 20;

/**
 * Doctor's check of each registry in ABAC mode: the action of our role has no effect there. Nothing where the estate
 * has none; that they cannot be listed is said by the check of Resource Graph.
 */
export async function abacRegistries(
  asked: Subscription[],
  principal: string,
  client: Client,
  { graph }: Pick<GraphDeps, "graph">,
  choose: Choose,
): Promise<Check[]> {
  const { rows } = await graph("registries", asked).catch(() => ({ rows: [] }));
  const registries = rows.filter(isAbac);
  const more = registries.length - mostRegistries;
  const checks = await each(registries.slice(0, mostRegistries), async (row): Promise<Check> => {
    const [id, shown] = [text(field(row, "id"), 2000), text(field(row, "name"), 100)];
    const name = choose({
      en: `Azure registry ${shown} (ABAC mode)`,
      ja: `Azure のレジストリ ${shown} (ABAC モード)`,
    });
    try {
      const path = `${id}/providers/Microsoft.Authorization/permissions`;
      const permissions = (await client.list(path, "2022-04-01")).map(readPermission);
      if (allowsData(permissions, readTags))
        return { name, state: "ok", said: choose({ en: "tags are readable", ja: "タグを読み取れます" }) };
      const said = choose({
        en: `tags can't be read: AcrPull and the custom role have no effect there; ${readTags} is missing`,
        ja: `タグを読み取れません。AcrPull とカスタム ロールはこのモードでは無効です (不足: ${readTags})`,
      });
      return { name, state: "failed", said, fix: assignRole(readerRole, principal, id) };
    } catch (error) {
      return { name, state: "unknown", said: detailOf(error), fix: choose(retryLater) };
    }
  });
  return more > 0 ? [...checks, unchecked(more, choose)] : checks;
}

function unchecked(more: number, choose: Choose): Check {
  return {
    name: choose({ en: "Azure registries (ABAC mode)", ja: "Azure のレジストリ (ABAC モード)" }),
    state: "unknown",
    said: choose({ en: `${more} more not checked`, ja: `ほか ${more} 個は確認していません` }),
    fix: choose({
      en: "See the last digest of findings: its thread names each registry whose tags can't be read.",
      ja: "検出結果の最新のまとめを見てください。タグを読み取れないレジストリはスレッドに表示されます。",
    }),
  };
}
