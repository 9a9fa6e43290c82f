import type { FindingPage, Vulnerability } from "../../domain/findings/finding.ts";
import { bounded, textMemory } from "../bounded.ts";
import { text } from "../fields.ts";
import type { Names } from "../place.ts";
import { readGroupedArtifact, readIndividual, type Seen } from "./read-artifact.ts";
import { readDetails, readGrouped, readVersions } from "./read-vulnerability.ts";
import { type Row, textOf } from "./table-rows.ts";

/** Characters by which details and assets are recognised; vulnerabilities of the grouped models. */
const most = { details: 32 * 1024 * 1024, assets: 16 * 1024 * 1024, single: 200_000 };

/** What one kind of rows says; each thing is told once, and then known by its reference. */
export type RowReader = {
  /** The asset, whatever was told of it; undefined where the row names none. */
  seen(row: Row): Seen | undefined;
  /**
   * The reference of its group of vulnerabilities; undefined where they cannot be read.
   * @param marked the row with a mark in the place of each list that is known: see `KnownLists`
   */
  group(part: FindingPage, row: Row, marked: Row): number | undefined;
};

/**
 * What one reading has met so far. A text of details is parsed when it is met first, for it is the same for all images
 * that have the package.
 */
export function findingMemory(names: Names) {
  let refs = 0;
  const tell = (part: FindingPage, vulnerabilities: Vulnerability[]) => {
    part.groups.push({ ref: refs, vulnerabilities });
    return refs++;
  };
  return {
    individual: individualRows(names, tell),
    grouped: groupedRows(names, tell),
    artifact: artifactMemory(),
  };
}

type Tell = (part: FindingPage, vulnerabilities: Vulnerability[]) => number;

function individualRows(names: Names, tell: Tell): RowReader {
  const assets = textMemory<Seen | null>(most.assets);
  const groups = bounded<number>(most.details);
  return {
    seen(row) {
      const cells = { id: textOf(row("id")), asset: textOf(row("asset")), about: textOf(row("about")) };
      const asset = cells.asset || cells.id;
      const known = assets.get(asset, cells.about);
      if (known !== undefined) return known ?? undefined;
      const type = textOf(row("resourceType")).trim().toLowerCase();
      const read = readIndividual({ ...cells, type }, names);
      return assets.set(asset, cells.about, read ?? null) ?? undefined;
    },
    group(part, row, marked) {
      const [name, versions, fix] = [textOf(row("package")), textOf(row("versions")), textOf(row("fix"))];
      const key = `${textOf(marked("details"))}|${name}|${versions}|${fix}`;
      const known = groups.get(key);
      if (known !== undefined) return known;
      const found = readDetails(textOf(row("details")), {
        name: text(name, 200),
        versions: readVersions(versions),
        fix: text(fix, 50),
      });
      return found && groups.set(key, tell(part, found), key.length);
    },
  };
}

function groupedRows(names: Names, tell: Tell): RowReader {
  const groups = bounded<number>(most.single);
  return {
    seen: (row) => readGroupedArtifact(row, names),
    group(part, row) {
      const found = readGrouped(row);
      if (found.length === 0) return undefined;
      const key = JSON.stringify(found);
      return groups.get(key) ?? groups.set(key, tell(part, found), 1);
    },
  };
}

/** Tells an artifact when it is met first, and again with what was not known of it; answers its reference. */
function artifactMemory() {
  const known = new Map<string, { ref: number; told: Set<string> }>();
  // Most rows are about an asset that was just told, word for word.
  const quick = new WeakMap<Seen, number>();
  return (part: FindingPage, seen: Seen, exposed: boolean): number => {
    const same = exposed ? undefined : quick.get(seen);
    if (same !== undefined) return same;
    const { key, place, use, ...rest } = seen;
    const before = known.get(key);
    const { ref, told } = before ?? { ref: known.size, told: new Set() };
    if (!before) known.set(key, { ref, told });
    quick.set(seen, ref);
    const said = [
      place && JSON.stringify(place),
      use && JSON.stringify(use),
      seen.scanned?.slice(0, 10),
      exposed && "exposed",
    ];
    const news = said.filter((one) => typeof one === "string" && !told.has(one)) as string[];
    if (before && news.length === 0) return ref;
    for (const one of news) told.add(one);
    const artifact = { key, ...rest, places: place ? [place] : [], uses: use ? [use] : [] };
    part.artifacts.push({ ref, artifact: { ...artifact, ...(exposed && { exposed }) } });
    return ref;
  };
}
