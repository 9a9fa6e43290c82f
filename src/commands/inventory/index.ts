import { z } from "zod";
import { choice, flag, freshTexts, scope, text } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";
import { findArtifacts } from "../../domain/findings/search/find-artifacts.ts";
import { inventoryKinds, inventoryOf } from "../../domain/inventory/inventory.ts";
import { coverageWithin } from "../../domain/scope/scoped-reading.ts";
import { commandLine } from "../../message/line.ts";
import { noMatchMessage } from "../../message/scope.ts";
import { lastSnapshot } from "../../readings/last-snapshot.ts";
import { findScope } from "../../readings/scope.ts";

export default command({
  texts: {
    en: {
      summary: "Clusters, registries, images and running workloads, and how they're linked",
      detail:
        "Images and workloads come from the last scan of findings; --search looks at names and links alike.",
    },
    ja: {
      summary: "クラスター、レジストリ、イメージ、実行中のワークロードと、その関連",
      detail:
        "イメージとワークロードは、検出結果の最後のスキャンの内容です。--search は名前と関連の両方を対象にします。",
    },
  },
  examples: [
    "inventory",
    "inventory cluster:aks-* --kind workloads",
    "inventory --kind images --search frontend",
    "inventory sub:* --csv",
  ],
  arguments: z.object({
    scope: scope.optional(),
    kind: choice("KIND", inventoryKinds).optional(),
    search: text("WORDS", 200).optional(),
    csv: flag,
    fresh: flag,
  }),
  positional: ["scope"],
  argumentTexts: {
    scope: { en: "What to look at; none is everything.", ja: "対象。省略するとすべて。" },
    kind: { en: "Only this kind.", ja: "この種類だけ。" },
    search: {
      en: "Only what has all of these words in its name or in what it's linked to.",
      ja: "名前または関連に、これらの語がすべて含まれるものだけ。",
    },
    csv: { en: "Adds every row as a CSV file.", ja: "すべての行を CSV ファイルで添付します。" },
    fresh: freshTexts,
  },
  access: "anyone",
  effect: "none",
  async run({ scope, kind, search, csv, fresh }, ports, { caller, language }) {
    const whole = await ports.readings.coverage({ freshFor: fresh ? caller.person : undefined });
    const snapshot = await lastSnapshot(ports.store.findings);
    const artifacts = snapshot && (await findArtifacts(snapshot, { kind: "image" }));
    // A scope of registries has clusters too, those that run its images: the whole coverage is looked at.
    const inventory = inventoryOf(whole.value, artifacts, scope);
    const { clusters, registries, images } = inventory;
    const nothing = clusters.length + registries.length + images.length === 0;
    const match = scope && nothing ? await findScope(ports, scope) : undefined;
    if (scope && match && match.kind !== "matched") {
      const again = (one: string) => commandLine(["inventory", one], { kind, search, csv });
      return noMatchMessage(scope, match, { language, again });
    }
    const { value: _, ...account } = coverageWithin(whole, scope);
    const head = snapshot?.head;
    const unread = [
      ...new Map(
        [...account.unread, ...(scope ? [] : (head?.unread ?? []))].map((one) => [one.id, one]),
      ).values(),
    ];
    const { inventoryMessage } = await import("./inventory-message.ts");
    const { rescan: cron } = ports.settings.schedules;
    const asked = { scope, kind, search, csv, ...(head && { head }), cron };
    return inventoryMessage({ ...account, unread, value: inventory }, asked, language);
  },
});
