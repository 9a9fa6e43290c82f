import { compareSnapshots } from "../src/domain/findings/comparison/difference.ts";
import { fixedMemory } from "../src/domain/findings/comparison/fixed-before.ts";
import type {
  FindingPage,
  FindingsRead,
  RegistryImage,
  RegistryRead,
} from "../src/domain/findings/model/finding.ts";
import { openedSnapshot } from "../src/domain/findings/model/opened-snapshot.ts";
import type { Snapshot } from "../src/domain/findings/model/snapshot.ts";
import { settle } from "../src/domain/findings/reading/settle.ts";
import { snapshotBuilder } from "../src/domain/findings/reading/snapshot-builder.ts";
import { digestOf, estates, place, type Sketch, slotOf } from "./findings-estate.ts";

/** What a day's reading answers. */
export type Day = {
  pages: FindingPage[];
  read?: Partial<FindingsRead>;
  registries?: Record<string, Record<string, RegistryImage[]>>;
  unreadable?: string[];
};

/** Days after one another; the snapshots, and what changed on each day. */
export async function days(all: Day[]) {
  const { words } = estates();
  const snapshots: Snapshot[] = [];
  const changes: string[][] = [];
  for (const [index, { pages, read = {}, registries = {}, unreadable = [] }] of all.entries()) {
    const previous = snapshots.at(-1);
    const built = snapshotBuilder(words);
    for (const page of pages) built.take(page);
    const rows = (model: string) =>
      pages.filter((one) => one.model === model).reduce((sum, one) => sum + one.pairs.length / 2, 0);
    const reads = new Map<string, RegistryRead>(
      Object.entries(registries).map(([name, repositories]) => [
        name,
        { repositories: new Map(Object.entries(repositories)) },
      ]),
    );
    for (const name of unreadable) {
      reads.set(name, { repositories: new Map(), unread: { id: name, name, why: "denied", detail: "403" } });
    }
    const { head, records } = await settle({
      slot: slotOf(index + 1),
      read: {
        asOf: slotOf(index + 1),
        subscriptions: 2,
        unread: [],
        models: [{ model: "individual", rows: rows("individual") }],
        ...read,
      },
      built,
      previous,
      registries: reads,
      dictionary: words,
    });
    const snapshot = openedSnapshot(head, words, records);
    snapshots.push(snapshot);
    const { deltas } = previous
      ? await compareSnapshots(previous, snapshot, fixedMemory([]))
      : { deltas: [] };
    changes.push(
      deltas
        .flatMap(({ kind, artifact, ids }) =>
          ids.map((id) => `${kind} ${words.vulnerability(id)!.id} ${artifact.image}`),
        )
        .sort(),
    );
  }
  return { snapshots, heads: snapshots.map(({ head }) => head), changes };
}

/** An image in shop/frontend. */
export const image = (flaws: Sketch["flaws"], more: Partial<Sketch> = {}): Sketch => ({
  places: [place("shop/frontend")],
  flaws,
  ...more,
});
/** What the registry says of shop/frontend: digest, tags, push time. */
export const tags = (...images: [string, string[], string?][]) => ({
  contoso: {
    "shop/frontend": images.map(([name, some, pushed]) => ({
      digest: digestOf(name),
      tags: some,
      ...(pushed && { pushed }),
    })),
  },
});

/** How an image without a tag is called. */
export function named(name: string): string {
  return `shop/frontend@${digestOf(name).slice(7, 13)}`;
}
