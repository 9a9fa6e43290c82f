import { runLabel } from "../../domain/simulations/objects.ts";
import type { CleanUp, Run } from "../../domain/simulations/simulation.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { Inline, Part, Sentence } from "../message.ts";

const say = sentences({
  en: {
    clean_zero: "Cleanup: nothing is left.",
    clean_one: "Cleanup: {{count}} object removed, nothing is left.",
    clean_other: "Cleanup: {{count}} objects removed, nothing is left.",
    gone: "Cleanup: the cluster was deleted, so nothing is left in it.",
    left_one: "Cleanup: {{count}} object is left. Next step:",
    left_other: "Cleanup: {{count}} objects are left. Next step for each:",
    "left-all": "Cleanup: objects of this run may be left. To remove them, run:",
    "not-cleaned": "Nothing was created.",
    soon: "Breakwater retries automatically at {{next}}.",
    again_one: "Retried {{count}} time (last at {{last}}). Next retry at {{next}}.",
    again_other: "Retried {{count}} times (last at {{last}}). Next retry at {{next}}.",
    "given-up_one": "Gave up after {{count}} retry (last at {{last}}). Remove it yourself.",
    "given-up_other": "Gave up after {{count}} retries (last at {{last}}). Remove it yourself.",
    later: "Removed at {{at}}: {{what}}",
  },
  ja: {
    clean_zero: "クリーンアップ: 残っているものはありません。",
    clean_other: "クリーンアップ: {{count}} 件を削除しました。残っているものはありません。",
    gone: "クリーンアップ: クラスターが削除されたため、残っているものはありません。",
    left_other: "クリーンアップ: {{count}} 件が残っています。次の手順:",
    "left-all": "クリーンアップ: 作成したものが残っている可能性があります。次のコマンドで削除できます:",
    "not-cleaned": "何も作成していません。",
    soon: "{{next}} に自動で再試行します。",
    again_other: "{{count}} 回再試行しました (最終 {{last}})。次は {{next}} に再試行します。",
    "given-up_other": "{{last}} まで {{count}} 回再試行し、打ち切りました。手動で削除してください。",
    later: "{{at}} に削除しました: {{what}}",
  },
});

/** Cleanup result; for each leftover the reason, the command that removes it, and when it is retried. */
export function cleanUpParts({ cleanUp, applied, cluster, registry }: Run, language: Language): Part[] {
  const words = say(language);
  if (!cleanUp) return applied ? [] : [{ note: words("not-cleaned") }];
  // Sample alerts stay in Defender.
  if (!cluster && !registry) return [];
  const { left, removed, gone, later = [] }: CleanUp = cleanUp;
  const afterwards = later.map(
    ({ what, at }): Part => ({ note: words.rich("later", { at: clock(at), what }) }),
  );
  if (left.length === 0)
    return [{ note: gone ? words("gone") : words("clean", { count: removed }) }, ...afterwards];
  const list = left.map(
    ({ what, why, mend: fix }): Sentence => [{ strong: what }, why ? ` – ${why} – ` : " – ", { code: fix }],
  );
  return [
    {
      sentence: [
        { strong: anythingMayBeLeft(cleanUp) ? words("left-all") : words("left", { count: left.length }) },
      ],
    },
    { list },
    ...retryParts(cleanUp, language),
    ...afterwards,
  ];
}

/** True if the cluster did not answer: any object with the label of the run may be left. */
export function anythingMayBeLeft({ left }: Pick<CleanUp, "left">): boolean {
  return left.some(({ what }) => what.startsWith(`${runLabel}=`));
}

type Time = Exclude<Inline, string>;
const clock = (time: string): Time => ({ time, style: "clock" });

function retryParts({ retries }: CleanUp, language: Language): Part[] {
  const words = say(language);
  if (!retries) return [];
  const { tries, last, next } = retries;
  if (last === undefined) return next ? [{ note: words.rich("soon", { next: clock(next) }) }] : [];
  const key = next ? "again" : "given-up";
  return [{ note: words.rich(key, { count: tries, last: clock(last), next: next ? clock(next) : "" }) }];
}
