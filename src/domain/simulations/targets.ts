import { sameText } from "../../text/same-text.ts";
import type { Located } from "../scope/scope.ts";

export type Target = Located & { id: string; name: string };

/** Those that a word names: by name, `GROUP/NAME` or resource ID, in any letter case. */
export function targetsNamed<One extends Target>(word: string, all: readonly One[]): One[] {
  return all.filter((one) => [one.name, pathOf(one), one.id].some((known) => sameText(known, word.trim())));
}

/** `GROUP/NAME`. */
export function pathOf({ resourceGroup, name }: Target): string {
  return resourceGroup ? `${resourceGroup}/${name}` : name;
}
