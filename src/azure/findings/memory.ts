import type { FindingPage, Vulnerability } from "../../domain/findings/model/finding.ts";
import { hashOf } from "../../text/hash.ts";
import { bounded, textMemory } from "../client/bounded.ts";
import { text } from "../fields.ts";
import type { Names } from "../place.ts";
import { type NodeGroups, readGroupedArtifact, readIndividual, type Seen } from "./read-artifact.ts";
import { readDetails, readGrouped, readVersions } from "./read-vulnerability.ts";
import { type Row, textOf } from "./table-rows.ts";

/** Characters by which details and assets are recognised; vulnerabilities of the grouped models. */
const most = { details: 32 * 1024 * 1024, assets: 16 * 1024 * 1024, single: 200_000 };

/** What one kind of rows says; each thing is handed over once, and then known by its reference. */
export type RowReader = {
  /** The reference of the artifact, handed over where it is new; undefined where the row names none. */
  artifact(part: FindingPage, row: Row, exposed: boolean): number | undefined;
  /** The reference of its group of vulnerabilities; undefined where they cannot be read. */
  group(part: FindingPage, row: Row): number | undefined;
};

/**
 * What one reading has met so far. A text of details is parsed when it is met first, for it is the same for all images
 * that have the package.
 */
export function findingMemory(names: Names, nodeGroups: NodeGroups) {
  let refs = 0;
  const tell = (part: FindingPage, vulnerabilities: Vulnerability[]) => {
    part.groups.push({ ref: refs, vulnerabilities });
    return refs++;
  };
  const artifact = artifactMemory();
  return {
    individual: individualRows(names, nodeGroups, tell, artifact),
    grouped: groupedRows(names, nodeGroups, tell, artifact),
  };
}

type Tell = (part: FindingPage, vulnerabilities: Vulnerability[]) => number;

function individualRows(
  names: Names,
  nodeGroups: NodeGroups,
  tell: Tell,
  tellArtifact: TellArtifact,
): RowReader {
  const assets = textMemory<{ about: string; ref?: number; exposed: boolean }>(most.assets);
  const groups = textMemory<{ cells: string[]; ref: number }>(most.details);
  return {
    artifact(part, row, exposed) {
      const [id, about] = [textOf(row("id")), textOf(row("about"))];
      const asset = textOf(row("asset")) || id;
      const known = assets.find(asset, (one) => one.about === about);
      if (known && (known.ref === undefined || known.exposed || !exposed)) return known.ref;
      const type = textOf(row("resourceType")).trim().toLowerCase();
      const seen = readIndividual({ id, asset, type, about }, names, nodeGroups);
      const said = { about, ref: seen && tellArtifact(part, seen, exposed), exposed };
      if (known) Object.assign(known, said);
      else assets.add(asset, said, asset.length + about.length);
      return said.ref;
    },
    group(part, row) {
      const details = textOf(row("details"));
      const known = groups.find(details, ({ cells }) => hasCells(row, cells));
      if (known) return known.ref;
      const cells = packageColumns.map((column) => textOf(row(column)));
      const [name, versions, fix, fixed, recommendation, highest] = cells;
      const vulnerability = readDetails(details, {
        name: text(name, 200),
        versions: readVersions(versions),
        fix: text(fix, 50),
        fixed: text(fixed, 100),
        recommendation: text(recommendation, 50),
        highest: text(highest, 50),
      });
      return (
        vulnerability &&
        groups.add(details, { cells, ref: tell(part, vulnerability) }, details.length + 200).ref
      );
    },
  };
}

/** What a row says of its package, beside the details. */
const packageColumns = ["package", "versions", "fix", "fixed", "recommendation", "highest"];

function hasCells(row: Row, cells: readonly string[]): boolean {
  return packageColumns.every((column, index) => textOf(row(column)) === cells[index]);
}

function groupedRows(
  names: Names,
  nodeGroups: NodeGroups,
  tell: Tell,
  tellArtifact: TellArtifact,
): RowReader {
  const groups = bounded<number>(most.single);
  return {
    artifact(part, row, exposed) {
      const seen = readGroupedArtifact(row, names, nodeGroups);
      return seen && tellArtifact(part, seen, exposed);
    },
    group(part, row) {
      const vulnerabilities = readGrouped(row);
      if (vulnerabilities.length === 0) return undefined;
      const key = JSON.stringify(vulnerabilities);
      return groups.get(key) ?? groups.set(key, tell(part, vulnerabilities), 1);
    },
  };
}

type TellArtifact = (part: FindingPage, seen: Seen, exposed: boolean) => number;

/** Tells an artifact when it is met first, and again with what was not known of it; answers its reference. */
function artifactMemory(): TellArtifact {
  // What was handed over of it, as hashes: the texts would take as much as everything else that is remembered of it.
  const known = new Map<string, { ref: number; sent: Set<number> }>();
  return (part, seen, exposed) => {
    const { key, place, uses, ...rest } = seen;
    const before = known.get(key);
    const { ref, sent } = before ?? { ref: known.size, sent: new Set() };
    if (!before) known.set(key, { ref, sent });
    const said = [
      place && JSON.stringify(place),
      ...uses.map((use) => JSON.stringify(use)),
      seen.scanned?.slice(0, 10),
      exposed && "exposed",
    ];
    const hashes = said.flatMap((one) => (one ? hashOf(one) : []));
    const news = hashes.filter((hash) => !sent.has(hash));
    if (before && news.length === 0) return ref;
    for (const one of news) sent.add(one);
    const artifact = { key, ...rest, places: place ? [place] : [], uses };
    part.artifacts.push({ ref, artifact: { ...artifact, ...(exposed && { exposed }) } });
    return ref;
  };
}
