import { changeKinds, type RescanDigest } from "../../domain/findings/digest/delta.ts";
import { sumOf } from "../../message/findings/finding.ts";

/** True where no class has anything, and every image is the same as before: one line says it. */
export function isQuiet({ counts, rebuilt, newImages, goneImages }: RescanDigest): boolean {
  const changed = changeKinds.some((kind) => sumOf(counts[kind]) > 0);
  return !changed && rebuilt.length === 0 && newImages === 0 && goneImages === 0;
}
