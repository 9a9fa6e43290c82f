import type { Ports } from "../../definitions/ports.ts";
import type { Check } from "../../domain/check.ts";
import { scopeText } from "../../domain/scope/scope.ts";
import type { UnmatchedScope } from "../../domain/scope/scope-match.ts";
import type { ChannelSubscription } from "../../domain/subscription.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import { noMatchText } from "../../message/scope.ts";
import { scopeFinder, unmatchedScopes } from "../../readings/scope.ts";

const say = sentences({
  en: {
    all: "Subscription scopes",
    one: "Scope of {{topic}} in {{channel}}",
    file: "breakwater.yaml → channels: {{channel}} → scope: [{{scopes}}]",
    command: "/defender {{line}} in that channel",
    right: "SCOPE",
    "unknown-fix": "See the Azure checks above.",
  },
  ja: {
    all: "購読の範囲",
    one: "{{channel}} の {{topic}} の範囲",
    file: "breakwater.yaml → channels: {{channel}} → scope: [{{scopes}}]",
    command: "そのチャンネルで /defender {{line}}",
    right: "正しい範囲",
    "unknown-fix": "上の Azure の確認結果を見てください。",
  },
});

/** How many subscriptions name scopes, and those of which a scope matches nothing of the estate. */
export type ScopeStates = {
  count: number;
  wrong: { subscription: ChannelSubscription; unmatched: UnmatchedScope[] }[];
};

/** Compares the scopes of all subscriptions, those of breakwater.yaml first, with what is there. */
export async function lookAtScopes(
  ports: Pick<Ports, "azure" | "clock" | "readings" | "store">,
): Promise<ScopeStates> {
  const all = (await ports.store.subscriptions.list()).filter(({ scopes }) => scopes.length > 0);
  if (all.length === 0) return { count: 0, wrong: [] };
  const find = await scopeFinder(ports);
  const wrong = all
    .map((subscription) => ({ subscription, unmatched: unmatchedScopes(find, subscription.scopes) }))
    .filter(({ unmatched }) => unmatched.length > 0);
  return { count: all.length, wrong };
}

/** Each scope that matches nothing, with what to write instead; one check that passed where all match something. */
export function scopeChecks({ count, wrong }: ScopeStates, language: Language): Check[] {
  const words = say(language);
  if (wrong.length === 0) return count > 0 ? [{ name: words("all"), state: "ok", said: "" }] : [];
  return wrong.flatMap(({ subscription, unmatched }) =>
    unmatched.map((one): Check => {
      const { topic, channel } = subscription;
      const name = words("one", { topic, channel });
      const said = noMatchText(one, language);
      if (one.match.kind === "unknown")
        return { name, state: "unknown", said, fix: say(language)("unknown-fix") };
      return { name, state: "failed", said, fix: fixOf(subscription, one, language) };
    }),
  );
}

function fixOf(
  { topic, channel, origin, scopes, severity, state, immediate, language: spoken }: ChannelSubscription,
  { scope: wrong, match }: UnmatchedScope,
  language: Language,
): string {
  const words = say(language);
  const right = scopes.map((scope) => (scope === wrong ? (match.near ?? words("right")) : scopeText(scope)));
  if (origin === "file")
    return words("file", { channel, scopes: right.map((one) => JSON.stringify(one)).join(", ") });
  const options = { severity, scope: right, state, immediate, language: spoken };
  return words("command", { line: commandLine(["subscribe", topic], options) });
}
