import type { Known } from "../../domain/reading/reading.ts";
import { count, field, list, text } from "../fields.ts";
import type { Saying } from "./read-plan.ts";

/** Sizes whose number is no count of vCPUs [Azure VM documentation, Dv2 and DSv2 series, memory optimized included]. */
const second: Record<string, number> = {
  "1": 1,
  "2": 2,
  "3": 4,
  "4": 8,
  "5": 16,
  "11": 2,
  "12": 4,
  "13": 8,
  "14": 16,
  "15": 20,
};

/**
 * vCPUs of a VM size by its name: the number after the letters, or the one after the hyphen where vCPUs are constrained
 * [Azure VM documentation, naming conventions]. Undefined for the sizes before that convention.
 */
export function vmCores(size: string): number | undefined {
  const match = /^Standard_([A-Z]{1,3})(\d{1,4})(?:-(\d{1,4}))?([a-z]*)(?:_[A-Z0-9]+)*?(?:_v(\d))?$/i.exec(
    size,
  );
  if (!match) return undefined;
  const [, family = "", number = "", constrained, , version] = match;
  if (constrained) return Number(constrained);
  if (/^DS?$/i.test(family) && (version === undefined || version === "2")) return second[number];
  if (/^(A|G|GS)$/i.test(family) && version === undefined) return undefined;
  return Number(number);
}

/** vCores of all pools of a cluster; unknown where one has no count, or a size that its name doesn't tell. */
export function readCores(pools: unknown, saying: Saying): Known<number> {
  let sum = 0;
  const listed = list(pools);
  for (const pool of listed) {
    const size = text(field(pool, "vmSize"), 100);
    const [number, cores] = [count(field(pool, "count")), vmCores(size)];
    if (number === undefined || cores === undefined) {
      const why = `vCores of ${size || "a node pool"} unknown`;
      return { known: false, why, evidence: saying(why) };
    }
    sum += number * cores;
  }
  const evidence = saying(`${listed.length} node pools: ${sum} vCores`);
  return listed.length === 0
    ? { known: false, why: "Azure named no node pools", evidence }
    : { known: true, value: sum, evidence };
}
