import type { Check } from "../domain/check.ts";
import { slackScopes } from "./scopes.ts";

/** Doctor's checks of Slack: the token, each scope, and block types that the workspace refuses. */
export function checksOf({ teamName, user, scopes }: Identity, refused: readonly string[]): Check[] {
  const token: Check = {
    name: "Slack token",
    state: "ok",
    said: `valid for ${teamName} as ${user}`,
    ja: { name: "Slack トークン", said: `${teamName} の ${user} として有効` },
  };
  const granted = slackScopes.map(({ scope, optional, for: purpose }): Check => {
    const name = `Slack scope ${scope}`;
    const fix = `Add ${scope} under OAuth & Permissions, Bot Token Scopes, and reinstall the app.`;
    const ja = {
      name: `Slack スコープ ${scope}`,
      said: purpose.ja,
      fix: `OAuth & Permissions の Bot Token Scopes に ${scope} を追加し、アプリを再インストールしてください。`,
    };
    if (!scopes)
      return {
        name,
        state: "unknown",
        said: "Slack did not say which scopes the token has",
        fix,
        ja: { ...ja, said: "トークンのスコープを Slack に確認できませんでした" },
      };
    if (scopes.includes(scope)) return { name, state: "ok", said: `granted: ${purpose.en}`, ja };
    if (optional) return { name, state: "ok", said: `not granted, optional: ${purpose.en}`, ja };
    return {
      name,
      state: "failed",
      said: `missing: ${purpose.en}`,
      fix,
      ja: { ...ja, said: `不足: ${purpose.ja}` },
    };
  });
  const blocks: Check = {
    name: "Slack tables and charts",
    state: "ok",
    said:
      refused.length === 0
        ? "no block was refused in the last seven days"
        : `the workspace refuses ${refused.join(", ")}: shown as text, tried again a week after the refusal`,
    ja: {
      name: "Slack の表とグラフ",
      said:
        refused.length === 0
          ? "過去 7 日間に拒否されたブロックはありません"
          : `このワークスペースは ${refused.join(", ")} を受け付けません。テキストで表示し、1 週間後に再試行します`,
    },
  };
  return [token, ...granted, blocks];
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
