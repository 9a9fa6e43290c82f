import { isGlob, parseScope, type Scope } from "../../scope/scope.ts";

/** What a person asks about findings: one vulnerability, one image, the nodes, a part of the estate, or all of it. */
export type Question =
  | { kind: "everything" }
  | { kind: "vulnerability"; id: string }
  | { kind: "image"; image: string }
  | { kind: "nodes" }
  | { kind: "scope"; scope: Scope }
  /** A part of the estate where one is called so, else an image. */
  | { kind: "name"; name: string };

/** Reads `CVE-2024-3094`, `team/frontend:1.8`, `sha256:a1b2…`, `nodes`, `cluster:aks-*`, or a name alone. */
export function readQuestion(words: string | undefined): Question {
  const text = words?.trim() ?? "";
  if (text === "") return { kind: "everything" };
  if (/^(CVE-\d{4}-\d{4,}|GHSA(-[0-9a-z]{4}){3})$/i.test(text))
    return { kind: "vulnerability", id: text.toUpperCase() };
  if (/^nodes?$/i.test(text)) return { kind: "nodes" };
  const scope = parseScope(text);
  if (scope && scope.kind !== "any") return { kind: "scope", scope };
  // A glob names several things: only scopes have them.
  if (isGlob({ pattern: text }) && scope) return { kind: "scope", scope };
  return /[/:@]/.test(text) ? { kind: "image", image: text } : { kind: "name", name: text };
}
