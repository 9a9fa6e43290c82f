import type { RegistryItem } from "../../domain/inventory/inventory.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import { countCell, countColumns, severityCells, severityNumbers } from "./severity-cells.ts";
import type { View } from "./view.ts";

const say = sentences({
  en: {
    registry: "Registry",
    sku: "SKU",
    repositories: "Repositories",
    images: "Images",
    running: "Running",
    subscription: "Subscription",
  },
  ja: {
    registry: "レジストリ",
    sku: "SKU",
    repositories: "リポジトリ",
    images: "イメージ",
    running: "実行中",
    subscription: "サブスクリプション",
  },
});

/** Registries with what Defender scans in them. */
export const registryView: View<RegistryItem> = {
  items: ({ registries }) => registries,
  texts: ({ registry: { name, sku, location, resourceGroup, subscription } }) => [
    name,
    sku,
    location,
    resourceGroup,
    subscription.name,
  ],
  columns(language) {
    const words = say(language);
    return [
      { label: words("registry") },
      { label: words("sku") },
      ...(["repositories", "images", "running"] as const).map((key) => ({
        label: words(key),
        align: "right" as const,
      })),
      ...countColumns(language),
      { label: words("subscription") },
    ];
  },
  row: ({ registry, repositories, images, running, counts }) => [
    registry.name,
    registry.sku || "–",
    ...[repositories, images, running].map(countCell),
    ...severityCells(counts),
    registry.subscription.name,
  ],
  option: ({ registry: { name } }) => ({
    label: name,
    line: commandLine(["inventory", `registry:${name}`], { kind: "images" }),
  }),
  header:
    "registry,sku,repositories,images,running,critical,high,location,resourceGroup,subscription,id".split(
      ",",
    ),
  csv: ({ registry, repositories, images, running, counts }) => [
    registry.name,
    registry.sku,
    repositories,
    images,
    running,
    ...severityNumbers(counts),
    registry.location,
    registry.resourceGroup ?? "",
    registry.subscription.name,
    registry.id,
  ],
};
