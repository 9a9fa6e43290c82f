import { z } from "zod";
import { argumentWords, flag, scope, text } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";
import { cvePattern } from "../../domain/findings/model/cve-details.ts";
import { isGlob, scopeText } from "../../domain/scope/scope.ts";
import { UpstreamError, UserError } from "../../errors.ts";
import { commandLine } from "../../message/line.ts";
import { noMatchMessage } from "../../message/scope.ts";
import { findScope } from "../../readings/scope.ts";
import { nearest } from "../../text/likeness.ts";
import { huntsMessage } from "./hunts-message.ts";
import { refusedMessage } from "./refused-message.ts";
import { rowsMessage } from "./rows-message.ts";
import { beginWatch, endWatch } from "./watch.ts";

const cve = z
  .string()
  .transform((word) => word.trim().toUpperCase())
  .pipe(z.string().regex(cvePattern))
  .register(argumentWords, {
    word: "CVE",
    expects: { en: "the id of a CVE, such as CVE-2021-44228", ja: "CVE-2021-44228 のような CVE の ID" },
  });

const nameOne = {
  en: "Name the hunt to watch.",
  ja: "監視するハントの名前を指定してください。",
};

export default command({
  texts: {
    en: {
      summary: "Risk queries on Azure, like those in Security Explorer",
      detail: "Lists the hunts if no name is given. You can add your own as .kql files (docs/operations.md).",
    },
    ja: {
      summary: "Azure に対するリスク クエリ (セキュリティ エクスプローラーと同様)",
      detail:
        "名前を省略すると、ハントの一覧を表示します。管理者は .kql ファイルで独自のハントを追加できます (docs/operations.md)。",
    },
  },
  examples: [
    "hunt",
    "hunt api-server-open",
    "hunt registry-open-network sub:prod-* --csv",
    "hunt cve-blast-radius --cve CVE-2021-44228",
    "hunt api-server-open --watch",
  ],
  arguments: z.object({
    name: text("NAME", 50).optional(),
    scope: scope.optional(),
    cve: cve.optional(),
    csv: flag,
    watch: flag,
    unwatch: flag,
  }),
  positional: ["name", "scope"],
  argumentTexts: {
    name: { en: "The hunt to run; none lists all.", ja: "実行するハント。省略すると一覧を表示します。" },
    scope: { en: "What to look at. Default: everything.", ja: "対象。省略するとすべて。" },
    cve: { en: "For hunts that take a CVE.", ja: "CVE を指定するハントで使用します。" },
    csv: { en: "Adds every row as a CSV file.", ja: "すべての行を CSV ファイルで添付します。" },
    watch: {
      en: "Posts to this channel whenever rows appear or go.",
      ja: "行が現れるか消えるたびに、このチャンネルに投稿します。",
    },
    unwatch: { en: "Ends that for this hunt and scope.", ja: "このハントと範囲の監視を終了します。" },
  },
  access: "anyone",
  effect: "none",
  changing: {
    watch: {
      access: "member",
      effect: {
        changes: { en: "What this channel receives", ja: "このチャンネルが受信する内容" },
        undo: { en: "hunt NAME --unwatch", ja: "hunt NAME --unwatch" },
        confirm: false,
      },
    },
    unwatch: {
      access: "member",
      effect: {
        changes: {
          en: "This channel stops watching this hunt",
          ja: "このチャンネルでのハントの監視を停止します",
        },
        undo: { en: "hunt NAME --watch", ja: "hunt NAME --watch" },
        confirm: true,
      },
    },
  },
  audit: ({ name, scope, unwatch }) => ({
    verb: unwatch ? "unsubscribe" : "subscribe",
    kind: "hunt",
    ...(name && { name }),
    ...(scope && { place: scopeText(scope) }),
  }),
  async run({ name, scope, cve, csv, watch, unwatch }, ports, invocation) {
    const { language, audit } = invocation;
    const { hunts, problems } = await ports.azure.hunts();
    if (name === undefined) {
      if (watch || unwatch) throw new UserError(nameOne, "hunt api-server-open --watch");
      return huntsMessage(hunts, problems, await ports.store.hunts.list(invocation.caller.channel), language);
    }
    if (unwatch) return endWatch({ hunt: name.toLowerCase(), scope, cve }, ports, invocation);
    const hunt = hunts.find((one) => one.name === name.toLowerCase());
    if (!hunt) {
      const near = nearest(
        name.toLowerCase(),
        hunts.map((one) => one.name),
      );
      const meant = near
        ? { en: ` Did you mean ${near}?`, ja: ` もしかして ${near} ですか?` }
        : { en: "", ja: "" };
      throw new UserError(
        {
          en: `There's no hunt "${name}".${meant.en}`,
          ja: `「${name}」というハントはありません。${meant.ja}`,
        },
        near ? `hunt ${near}` : "hunt",
      );
    }
    if (hunt.parameter && cve === undefined)
      throw new UserError(
        { en: `The hunt ${hunt.name} needs a CVE.`, ja: `ハント ${hunt.name} には CVE の指定が必要です。` },
        `hunt ${hunt.name} --cve CVE-2021-44228`,
      );
    const asked = { hunt, scope, cve: hunt.parameter && cve, csv };
    try {
      const answer = await ports.azure.hunt(hunt, { scope, cve });
      const match = scope && answer.value.length === 0 ? await findScope(ports, scope) : undefined;
      // What a glob names may be there later.
      if (scope && match && match.kind !== "matched" && !(watch && isGlob(scope))) {
        const again = (one: string) => commandLine(["hunt", hunt.name, one], { cve, csv, watch });
        audit("no-change");
        return noMatchMessage(scope, match, { language, again });
      }
      return watch
        ? await beginWatch(answer, asked, ports, invocation)
        : rowsMessage(answer, asked, language);
    } catch (error) {
      if (!(error instanceof UpstreamError && error.system === "azure" && error.status === 400)) throw error;
      audit("no-change");
      return refusedMessage(error, asked, language);
    }
  },
});
