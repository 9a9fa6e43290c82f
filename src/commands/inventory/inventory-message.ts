import type { SnapshotHead } from "../../domain/findings/model/snapshot.ts";
import {
  type Inventory,
  type InventoryKind,
  inventoryKinds,
  matchesWords,
} from "../../domain/inventory/inventory.ts";
import type { Read } from "../../domain/reading/reading.ts";
import { type Scope, scopeText } from "../../domain/scope/scope.ts";
import { formatItems, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf, partly } from "../../message/as-of.ts";
import { commandLine } from "../../message/line.ts";
import type { Action, Message, Part } from "../../message/message.ts";
import { withFilters } from "../../message/scope.ts";
import { clusterView } from "./clusters.ts";
import { imageView } from "./images.ts";
import { registryView } from "./registries.ts";
import { type AnyView, type Views, viewOf } from "./view.ts";
import { workloadView } from "./workloads.ts";

const views: Views = {
  clusters: viewOf(clusterView),
  registries: viewOf(registryView),
  images: viewOf(imageView),
  workloads: viewOf(workloadView),
};

const say = sentences({
  en: {
    clusters_one: "{{number}} cluster",
    clusters_other: "{{number}} clusters",
    registries_one: "{{number}} registry",
    registries_other: "{{number}} registries",
    images_one: "{{number}} image",
    images_other: "{{number}} images",
    workloads_one: "{{number}} running workload",
    workloads_other: "{{number}} running workloads",
    nothing: "Nothing matches",
    unknown: "Unknown: no scan has been read yet",
    "cap-clusters": "Clusters",
    "cap-registries": "Registries",
    "cap-images": "Images",
    "cap-workloads": "Running workloads",
    "open-clusters": "Show what runs in …",
    "open-registries": "Show images of …",
    "open-images": "Show findings of …",
    "open-workloads": "Show images of …",
    kinds: "Show …",
    csv: "Everything as CSV",
    scan: "Images and workloads are those that Defender scans, as of the scan of {{time}}.",
    "no-scan":
      "Images and workloads are unknown: no scan has been read yet. schedules.rescan says when ({{cron}}).",
    sensor: "Sensor says what's turned on; {{line}} checks the pods.",
    file_one: "{{caption}} ({{number}} row)",
    file_other: "{{caption}} ({{number}} rows)",
    left: "{{caption}}: the file has the first {{kept}} rows; {{left}} are left out.",
    search: "search: {{words}}",
  },
  ja: {
    clusters_other: "クラスター {{number}} 個",
    registries_other: "レジストリ {{number}} 個",
    images_other: "イメージ {{number}} 個",
    workloads_other: "実行中のワークロード {{number}} 個",
    nothing: "一致するものはありません",
    unknown: "不明: まだスキャン結果を読み取っていません",
    "cap-clusters": "クラスター",
    "cap-registries": "レジストリ",
    "cap-images": "イメージ",
    "cap-workloads": "実行中のワークロード",
    "open-clusters": "実行中のものを表示…",
    "open-registries": "イメージを表示…",
    "open-images": "検出結果を表示…",
    "open-workloads": "イメージを表示…",
    kinds: "一覧を表示…",
    csv: "すべて (CSV)",
    scan: "イメージとワークロードは、{{time}} のスキャンで Defender が対象としたものです。",
    "no-scan":
      "まだスキャン結果を読み取っていないため、イメージとワークロードは不明です。読み取り時刻は schedules.rescan のとおりです ({{cron}})。",
    sensor: "センサーの列は設定の状態です。ポッドの状態は {{line}} で確認できます。",
    file_other: "{{caption}} ({{number}} 行)",
    left: "{{caption}}: ファイルには先頭の {{kept}} 行を含め、{{left}} 行は省略しました。",
    search: "検索: {{words}}",
  },
});

export type AskedInventory = {
  scope?: Scope;
  kind?: InventoryKind;
  search?: string;
  csv: boolean;
  /** Of the scan that names images and workloads. */
  head?: Pick<SnapshotHead, "asOf">;
  /** When scans are read. */
  cron: string;
};

const rowsShown = 1000;
const mostRows = 50_000;

type Items = Record<InventoryKind, unknown[]>;

/** The answer of `inventory`: how many there are of each kind, those of one kind as a table, and the way on. */
export function inventoryMessage(read: Read<Inventory>, asked: AskedInventory, language: Language): Message {
  const { scope, search, kind, csv } = asked;
  const items = itemsOf(read.value, search);
  const shown = kind ?? inventoryKinds.find((one) => items[one].length > 0);
  const some = shown !== undefined && items[shown].length > 0;
  const first = firstLine(items, asked, some, language);
  const more = search ? [say(language)("search", { words: search })] : [];
  const files = kind ? [kind] : inventoryKinds;
  return {
    headline: withFilters(`${first}${partly(read, language)}`, { scope, more }, language),
    tone: some ? "neutral" : "warning",
    parts: [
      ...(some ? listParts(shown, items[shown], language) : []),
      { actions: [kindsMenu(asked, items, language), ...(csv || !some ? [] : [csvButton(asked, language)])] },
      ...(csv ? files.flatMap((one) => fileParts(one, items[one], read.asOf, language)) : []),
      ...notes(asked, some && shown === "clusters", language),
      ...asOf(read, language),
    ],
  };
}

function itemsOf(inventory: Inventory, search: string | undefined): Items {
  return Object.fromEntries(
    inventoryKinds.map((kind) => {
      const { items, texts } = views[kind];
      return [kind, items(inventory).filter((item) => matchesWords(search, texts(item)))];
    }),
  ) as Items;
}

/** Without a scan, images and workloads are unknown, not none. */
function isKnown(kind: InventoryKind, { head }: AskedInventory): boolean {
  return head !== undefined || kind === "clusters" || kind === "registries";
}

function countText(kind: InventoryKind, items: Items, language: Language): string {
  const count = items[kind].length;
  return say(language)(kind, { count, number: formatNumber(count, language) });
}

function firstLine(items: Items, asked: AskedInventory, some: boolean, language: Language): string {
  const { kind } = asked;
  const known = inventoryKinds.filter((one) => isKnown(one, asked));
  if (kind && !known.includes(kind)) return say(language)("unknown");
  if (!some) return say(language)("nothing");
  if (kind) return countText(kind, items, language);
  return formatItems(
    known.map((one) => countText(one, items, language)),
    language,
  );
}

function notes({ head, cron }: AskedInventory, clusters: boolean, language: Language): Part[] {
  const words = say(language);
  const line = { code: "/defender status cluster:NAME" };
  return [
    {
      note: head ? words.rich("scan", { time: { time: head.asOf } }) : words("no-scan", { cron }),
    },
    ...(clusters ? [{ note: words.rich("sensor", { line }) }] : []),
  ];
}

function listParts(kind: InventoryKind, items: readonly unknown[], language: Language): Part[] {
  const words = say(language);
  const view: AnyView = views[kind];
  const shown = items.slice(0, rowsShown);
  return [
    {
      table: {
        caption: words(`cap-${kind}`),
        columns: view.columns(language),
        rows: shown.map((item) => view.row(item, language)),
        total: items.length,
        pageSize: 10,
      },
    },
    {
      actions: [
        { label: words(`open-${kind}`), menu: "select", options: shown.map((item) => view.option(item)) },
      ],
    },
  ];
}

/** The other kinds, with the same scope and search. */
function kindsMenu(asked: AskedInventory, items: Items, language: Language): Action {
  const words = say(language);
  const { scope, search } = asked;
  const line = ["inventory", ...(scope ? [scopeText(scope)] : [])];
  const options = inventoryKinds.map((kind) => ({
    label: isKnown(kind, asked) ? countText(kind, items, language) : words(`cap-${kind}`),
    line: commandLine(line, { kind, search }),
  }));
  return { label: words("kinds"), menu: "select", options };
}

function csvButton({ scope, kind, search }: AskedInventory, language: Language) {
  const line = commandLine(["inventory", ...(scope ? [scopeText(scope)] : [])], { kind, search, csv: true });
  return { label: say(language)("csv"), line };
}

function fileParts(kind: InventoryKind, items: readonly unknown[], at: string, language: Language): Part[] {
  if (items.length === 0) return [];
  const words = say(language);
  const view = views[kind];
  const rows = items.slice(0, mostRows).map((item) => view.csv(item).map((cell) => cell ?? ""));
  const caption = words(`cap-${kind}`);
  const number = formatNumber(rows.length, language);
  const left = items.length - rows.length;
  return [
    {
      file: {
        name: `inventory-${kind}-${at.slice(0, 16).replace(/[:T]/g, "-")}.csv`,
        title: words("file", { count: rows.length, number, caption }),
        csv: [[...view.header], ...rows],
      },
    },
    ...(left > 0
      ? [{ note: words("left", { caption, kept: number, left: formatNumber(left, language) }) }]
      : []),
  ];
}
