import { z } from "zod";
import { text } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import { type ExemptionPlan, exemptionName } from "../domain/exemptions/exemptions.ts";
import type { Assessment } from "../domain/recommendations/recommendation.ts";
import { inScope, scopeText } from "../domain/scope/scope.ts";
import { UserError } from "../errors.ts";
import { exemptionArguments, exemptionArgumentTexts } from "../exemptions/arguments.ts";
import { requestOrRefuse } from "../exemptions/preview.ts";
import { requestAnswer } from "../message/exemptions/exemption-answers.ts";
import { commandLine, minutesWord } from "../message/line.ts";
import { findTarget } from "../readings/target.ts";
import { nearestName } from "../text/likeness.ts";

export default command({
  texts: {
    en: {
      summary: "Requests that a recommendation isn't counted in one place for a limited time",
      detail:
        "Another person approves it in the channel; then it's an exemption in Defender for Cloud (a waiver), for everyone and in every tool.",
    },
    ja: {
      summary: "特定の範囲で、推奨事項を一定期間数えないように申請します",
      detail:
        "チャンネルで別の方が承認すると、Defender for Cloud の除外 (免除) になり、すべてのツールと利用者に適用されます。",
    },
  },
  examples: [
    'exempt <recommendation> cluster:aks-demo --for 30d --reason "Replaced by the new cluster in March"',
  ],
  arguments: z.object({
    recommendation: text("RECOMMENDATION", 300),
    ...exemptionArguments,
  }),
  positional: ["recommendation", "scope"],
  argumentTexts: {
    recommendation: { en: "The key or the name of the recommendation.", ja: "推奨事項のキーまたは名前。" },
    ...exemptionArgumentTexts,
  },
  access: "member",
  effect: {
    changes: {
      en: "Requests an exemption of a recommendation; it's created only after another person approves it",
      ja: "推奨事項の除外を申請します。別の方が承認するまで作成されません",
    },
    undo: {
      en: "The exemption ends by itself. Earlier: delete it in the portal (Defender for Cloud, exemptions).",
      ja: "期限が来ると自動的に終了します。それより前に終えるには、ポータルの Defender for Cloud の除外で削除します。",
    },
    confirm: false,
  },
  audit: ({ recommendation, scope }) => ({
    ...{ verb: "request", kind: "exemption" },
    ...{ name: recommendation, place: scopeText(scope) },
  }),
  async run({ recommendation: word, scope: asked, for: length, reason }, ports, { caller, language, audit }) {
    const again = (scope: string) =>
      commandLine(["exempt", word, scope], { for: minutesWord(length), reason });
    const target = await findTarget(ports, asked, again);
    const read = await ports.readings.recommendations();
    const { assessments } = read.value;
    const here = assessments.filter(
      (one) => one.place.subscription.id === target.subscription.id && inScope(one.place, target.scope),
    );
    const { key, title } = findByName(word, assessments, here);
    const { subscription } = target;
    const name = exemptionName("recommendation", key, target.place);
    const plan: ExemptionPlan = {
      ...{ kind: "recommendation", what: key, title, reason, requester: caller.person },
      ...{ channel: caller.channel, subscription, scope: target.scope, conditions: [] },
      resource: `${target.place}/providers/Microsoft.Security/standardAssignments/${name}`,
      expires: new Date(Date.parse(ports.clock.now()) + length).toISOString(),
    };
    const unhealthy = here.filter((one) => one.key === key && one.status === "unhealthy");
    const known = !read.unread.some(({ id }) => id === subscription.id);
    const asking = await requestOrRefuse(ports, plan, known ? unhealthy.length : undefined, audit);
    return requestAnswer(plan, asking, language);
  },
});

/**
 * The assessment of a key or a name.
 * @param here those in the place
 * @throws UserError where there is none; or several, since an exemption is of one key
 */
function findByName(
  word: string,
  assessments: readonly Assessment[],
  here: readonly Assessment[],
): Pick<Assessment, "key" | "title"> {
  const same = (name: string) => name.toLowerCase() === word.toLowerCase();
  const byKey = assessments.find(({ key }) => same(key));
  if (byKey) return byKey;
  const open = here.filter(({ title, status }) => same(title) && status === "unhealthy");
  const keys = new Map(open.map((one) => [one.key, one.resource.name]));
  if (keys.size > 1) throw severalKeys(word, keys);
  const named = open[0] ?? assessments.find(({ title }) => same(title));
  if (named) return named;
  const near = nearestName(word, new Set(assessments.map(({ title }) => title)));
  throw new UserError(
    {
      en: `Recommendation “${word}” not found. Use its key or its whole name.`,
      ja: `推奨事項「${word}」は見つかりません。キーまたは正確な名前を指定してください。`,
    },
    near ? commandLine(["exempt", near]) : "recommendations",
  );
}

function severalKeys(word: string, keys: ReadonlyMap<string, string>): UserError {
  const shown = [...keys].slice(0, 5).map(([key, resource]) => `${key} (${resource})`);
  const names = `${shown.join(", ")}${keys.size > shown.length ? ", …" : ""}`;
  return new UserError({
    en: `“${word}” has ${keys.size} assessments there, each with a key of its own, and an exemption is of one. Name a key: ${names}`,
    ja: `「${word}」には、それぞれ別のキーを持つ評価が ${keys.size} 件あります。除外はキーごとなので、キーを指定してください: ${names}`,
  });
}
