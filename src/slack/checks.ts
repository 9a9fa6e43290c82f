import type { Check } from "../domain/check.ts";
import { chooserOf, type Language } from "../text/language.ts";
import { slackScopes } from "./scopes.ts";

/** Doctor's checks of Slack: the token, each scope, and block types that the workspace refuses. */
export function checksOf(
  { teamName, user, scopes }: Identity,
  refused: readonly string[],
  language: Language,
): Check[] {
  const choose = chooserOf(language);
  const token: Check = {
    name: choose({ en: "Slack token", ja: "Slack トークン" }),
    state: "ok",
    said: choose({ en: `valid for ${teamName} as ${user}`, ja: `${teamName} の ${user} として有効` }),
  };
  const unknown: Check = {
    name: choose({ en: "Slack scopes", ja: "Slack スコープ" }),
    state: "unknown",
    said: choose({
      en: "Slack did not say which scopes the token has",
      ja: "トークンのスコープを Slack に確認できませんでした",
    }),
    fix: choose({
      en: "Compare OAuth & Permissions, Bot Token Scopes, with docs/slack.md.",
      ja: "OAuth & Permissions の Bot Token Scopes を docs/slack.md と比べてください。",
    }),
  };
  const granted = (held: readonly string[]) =>
    slackScopes.map(({ scope, optional, for: purpose }): Check => {
      const name = choose({ en: `Slack scope ${scope}`, ja: `Slack スコープ ${scope}` });
      const fix = choose({
        en: `Add ${scope} under OAuth & Permissions, Bot Token Scopes, and reinstall the app.`,
        ja: `OAuth & Permissions の Bot Token Scopes に ${scope} を追加し、アプリを再インストールしてください。`,
      });
      const { en, ja } = purpose;
      if (held.includes(scope))
        return { name, state: "ok", said: choose({ en: `granted: ${en}`, ja: `付与済み: ${ja}` }) };
      return optional
        ? {
            name,
            state: "ok",
            said: choose({ en: `not granted, optional: ${en}`, ja: `未付与 (任意): ${ja}` }),
          }
        : { name, state: "failed", said: choose({ en: `missing: ${en}`, ja: `不足: ${ja}` }), fix };
    });
  const types = refused.join(", ");
  const blocks: Check = {
    name: choose({ en: "Slack tables and charts", ja: "Slack の表とグラフ" }),
    state: "ok",
    said: choose(
      types === ""
        ? {
            en: "no block was refused in the last seven days",
            ja: "過去 7 日間に拒否されたブロックはありません",
          }
        : {
            en: `the workspace refuses ${types}: shown as text, tried again a week after the refusal`,
            ja: `このワークスペースは ${types} を受け付けません。テキストで表示し、1 週間後に再試行します`,
          },
    ),
  };
  return [token, ...(scopes ? granted(scopes) : [unknown]), blocks];
}

/** Who the bot is, by its token. */
export type Identity = {
  user: string;
  bot: string;
  team: string;
  teamName: string;
  /** The organisation, where the workspace is one of several. */
  enterprise?: string;
  scopes?: string[];
};
