import { type KnownCves, needsDetails, withDetail } from "../../domain/findings/model/cve-details.ts";
import type {
  CveDetail,
  CveReading,
  DetailsRead,
  FindingPage,
  Vulnerability,
} from "../../domain/findings/model/finding.ts";
import { joinedShapes, type ShapeReading, shortenedExample } from "../../domain/reading/drift.ts";
import type { ParsedPage } from "./parser.ts";

export const noCves: KnownCves = { cves: new Map() };
/** Rows that fit into no model: `category`, `type`. */
export type UnplacedRows = { what: string; rows: number; example: string };

/**
 * Hands pages over as they come, but for the vulnerabilities: each text of them comes once, and waits for what the
 * details of its CVEs say. `present` gathers the subscriptions that rows lie in.
 */
export function held(take: (page: FindingPage) => void, present: Set<string>) {
  const groups: FindingPage["groups"] = [];
  const shapes: ShapeReading[] = [];
  const wanted = new Set<string>();
  const severities = { all: 0, none: 0, example: "" };
  const rated = ({ id, from }: Vulnerability) => {
    severities.all++;
    if (from !== "none") return;
    severities.none++;
    severities.example ||= id;
  };
  return {
    take({ subscriptions, parts, shape }: ParsedPage) {
      for (const id of subscriptions) present.add(id);
      shapes.push(shape);
      for (const part of parts) {
        for (const group of part.groups) {
          groups.push(group);
          for (const one of group.vulnerabilities) if (needsDetails(one)) wanted.add(one.id);
        }
        take({ ...part, groups: [] });
      }
    },
    /** CVEs of which the rows do not say enough. */
    wanted: (): ReadonlySet<string> => wanted,
    /** Hands the vulnerabilities over. */
    finish(detail: (id: string) => CveDetail | undefined) {
      const resolved = groups.map(({ ref, vulnerabilities }) => ({
        ref,
        vulnerabilities: vulnerabilities.flatMap((one) => withDetail(one, detail(one.id)) ?? []),
      }));
      groups.length = 0;
      for (const { vulnerabilities } of resolved) for (const one of vulnerabilities) rated(one);
      take({ model: "individual", artifacts: [], groups: resolved, pairs: new Uint32Array(), closed: [] });
    },
    shape(unplaced: readonly UnplacedRows[], rows: number, { state }: DetailsRead): ShapeReading {
      const joined = joinedShapes("findings", shapes);
      for (const { what, rows: count, example } of unplaced)
        joined.unplaced[what] = { count, of: rows + count, example: shortenedExample(example) };
      // Without details there is a reason, which is reported elsewhere.
      if (state === "read" && severities.none > 0)
        joined.unplaced.severity = {
          count: severities.none,
          of: severities.all,
          example: severities.example,
        };
      return joined;
    },
  };
}

/** What the reading, or one before it, says of a CVE. */
export function detailsBy(
  read: CveReading | undefined,
  { cves }: KnownCves,
): (id: string) => CveDetail | undefined {
  const now = new Map(read?.details.map((detail) => [detail.id, detail]));
  return (id) => now.get(id) ?? cves.get(id)?.detail;
}
