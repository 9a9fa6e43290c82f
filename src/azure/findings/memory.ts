import type { FindingPage, Vulnerability } from "../../domain/findings/model/finding.ts";
import { bounded, textMemory } from "../client/bounded.ts";
import { text } from "../fields.ts";
import type { Names } from "../place.ts";
import { hashOf } from "./hash.ts";
import { type NodeGroups, readGroupedArtifact, readIndividual, type Seen } from "./read-artifact.ts";
import { readDetails, readGrouped, readVersions } from "./read-vulnerability.ts";
import { type Row, textOf } from "./table-rows.ts";

/** Characters by which details and assets are recognised; vulnerabilities of the grouped models. */
const most = { details: 32 * 1024 * 1024, assets: 16 * 1024 * 1024, single: 200_000 };

/** What one kind of rows says; each thing is told once, and then known by its reference. */
export type RowReader = {
  /** The reference of the artifact, told where it is news; undefined where the row names none. */
  artifact(part: FindingPage, row: Row, exposed: boolean): number | undefined;
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
  const assets = textMemory<{ ref?: number; exposed?: boolean }>(most.assets);
  const groups = bounded<number>(most.details);
  return {
    artifact(part, row, exposed) {
      const cells = { id: textOf(row("id")), asset: textOf(row("asset")), about: textOf(row("about")) };
      const asset = cells.asset || cells.id;
      const known = assets.get(asset, cells.about);
      if (known && (known.ref === undefined || known.exposed || !exposed)) return known.ref;
      const type = textOf(row("resourceType")).trim().toLowerCase();
      const seen = readIndividual({ ...cells, type }, names, nodeGroups);
      const told = { ref: seen && tellArtifact(part, seen, exposed), exposed };
      if (known) Object.assign(known, told);
      else assets.set(asset, cells.about, told);
      return told.ref;
    },
    group(part, row, marked) {
      const [name, versions, fix] = [textOf(row("package")), textOf(row("versions")), textOf(row("fix"))];
      const rest = ["fixed", "recommendation", "highest"].map((cell) => textOf(row(cell)));
      const key = [textOf(marked("details")), name, versions, fix, ...rest].join("|");
      const known = groups.get(key);
      if (known !== undefined) return known;
      const found = readDetails(textOf(row("details")), {
        name: text(name, 200),
        versions: readVersions(versions),
        fix: text(fix, 50),
        fixed: text(rest[0], 100),
        recommendation: text(rest[1], 50),
        highest: text(rest[2], 50),
      });
      return found && groups.set(key, tell(part, found), key.length);
    },
  };
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
      const found = readGrouped(row);
      if (found.length === 0) return undefined;
      const key = JSON.stringify(found);
      return groups.get(key) ?? groups.set(key, tell(part, found), 1);
    },
  };
}

type TellArtifact = (part: FindingPage, seen: Seen, exposed: boolean) => number;

/** Tells an artifact when it is met first, and again with what was not known of it; answers its reference. */
function artifactMemory(): TellArtifact {
  // What was told of it as hashes: the texts would take as much as everything else that is remembered of it.
  const known = new Map<string, { ref: number; told: Set<number> }>();
  return (part, seen, exposed) => {
    const { key, place, uses, ...rest } = seen;
    const before = known.get(key);
    const { ref, told } = before ?? { ref: known.size, told: new Set() };
    if (!before) known.set(key, { ref, told });
    const said = [
      place && JSON.stringify(place),
      ...uses.map((use) => JSON.stringify(use)),
      seen.scanned?.slice(0, 10),
      exposed && "exposed",
    ];
    const hashes = said.flatMap((one) => (one ? hashOf(one) : []));
    const news = hashes.filter((hash) => !told.has(hash));
    if (before && news.length === 0) return ref;
    for (const one of news) told.add(one);
    const artifact = { key, ...rest, places: place ? [place] : [], uses };
    part.artifacts.push({ ref, artifact: { ...artifact, ...(exposed && { exposed }) } });
    return ref;
  };
}
