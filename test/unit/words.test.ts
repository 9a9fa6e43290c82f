import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");

/** Phrases and Japanese words that the house style rules out; cspell.config.yaml has the single English words. */
const ruledOut: [phrase: RegExp, instead: string][] = [
  [/Azure had it|Azure が検出/, "Reported by Defender · Defender が報告"],
  [/\bHappened\b/, "Detected"],
  [/\bTaken by\b/, "Acknowledged by"],
  [/\bnobody\b|has to act\b/i, "No action needed · no one"],
  [/\b(You|Operators|Approvers|Members) may\b/, "can"],
  [/\bmay not (do|run|approve)\b/, "can't"],
  [/knows no such/, "Not found in …"],
  [/lacks a right|\brights of the bot\b/i, "missing a permission · permissions used"],
  [/in the bot itself/, "on our side"],
  [/one word too many/, "Unexpected argument"],
  [/does not fit --|\balerts? fits?\b/, "Invalid value … for · alerts match"],
  [/\bWaits for (approval|Defender)\b/, "Awaiting approval · Waiting for Defender"],
  [/\bAsked for by\b|\basks to simulate\b/, "Requested by"],
  [
    /Exists for at most|What it cannot tell|Checked beforehand/,
    "Auto-deleted after · Not covered by this test · Preflight",
  ],
  [/The last 7 days would have sent/, "This would have sent … in the last 7 days"],
  [/Least severity|\b(and|or) worse\b/, "Minimum severity · or higher"],
  [/What the memory holds|\bMemory \(Redis\)|記憶域/, "Storage (Redis) · データ ストア (Redis)"],
  [/became known"?$|^Back again|^Gone with their/, "New exploit or fix · Regressed · Image deleted"],
  [/The worst of what|By running cluster|moved on$/, "Top new findings · By cluster · Rebuilt or replaced"],
  [/Who is affected|Who I take you for/, "Affected images · Your identity, role and permissions"],
  [/重要度/, "重大度"],
  [/悪用あり|悪用または/, "エクスプロイトあり · エクスプロイトまたは"],
  [/取り下げ/, "報告対象外 · 取り消し"],
  [/期待した|期待すること/, "想定した · 想定結果"],
  [/過去 7 日間なら/, "この条件では、過去 7 日間に"],
  [/読み取れなかったもの: .*のうち/, "… 件中 … 件を読み取れませんでした"],
  [/には余分です|最後の取得|イメージごと消滅/, "不要な引数です · 最終ポーリング · イメージ削除により消失"],
];

function literals(file: string): string[] {
  const texts: string[] = [];
  const visitor = new Visitor({
    Literal(node) {
      if (typeof node.value === "string") texts.push(node.value);
    },
    TemplateElement(node) {
      texts.push(node.value.cooked ?? node.value.raw);
    },
  });
  visitor.visit(parseSync(file, readFileSync(join(root, file), "utf8")).program);
  return texts;
}

const said = [
  ...globSync("src/**/*.ts", { cwd: root }).map((file) => [file, literals(file)] as const),
  ...["README.ja.md", ...globSync("docs/*.ja.md", { cwd: root })].map(
    (file) => [file, readFileSync(join(root, file), "utf8").split("\n")] as const,
  ),
];

it.each(ruledOut)("no text says %s", (phrase, instead) => {
  const hits = said.flatMap(([file, texts]) =>
    texts.filter((text) => phrase.test(text)).map((text) => `${file}: ${text.slice(0, 120)} → ${instead}`),
  );
  expect(hits).toEqual([]);
});

it("reads what the bot says", () => {
  expect(said.flatMap(([, texts]) => texts).length).toBeGreaterThan(5_000);
});
