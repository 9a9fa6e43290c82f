/**
 * A scope names a part of the estate: a subscription (name or id), a resource group, a cluster, a registry, or a
 * glob of these; `sub:`, `rg:`, `cluster:` and `registry:` say which kind is meant (design, section 5).
 */
export const scopeKinds = ["any", "sub", "rg", "cluster", "registry"] as const;
export type ScopeKind = (typeof scopeKinds)[number];
export type Scope = { kind: ScopeKind; pattern: string };

/** Where a thing lives; what is not known is left out. */
export type Located = {
  subscription: { id: string; name: string };
  resourceGroup?: string;
  cluster?: string;
  registry?: string;
};

/** Reads `sub:prod-*`; undefined where the prefix is none of ours or nothing follows it. */
export function parseScope(text: string): Scope | undefined {
  const [, prefix, rest] = /^(?:([a-z]+):)?(.+)$/i.exec(text.trim()) ?? [];
  if (rest === undefined) return undefined;
  const kind = (prefix ?? "any").toLowerCase() as ScopeKind;
  return scopeKinds.includes(kind) && rest.trim() !== "" ? { kind, pattern: rest.trim() } : undefined;
}

/** The text form that `parseScope` reads back. */
export function scopeText({ kind, pattern }: Scope): string {
  return kind === "any" ? pattern : `${kind}:${pattern}`;
}

/** True where the pattern can match names that are not there yet. */
export function isGlob({ pattern }: Pick<Scope, "pattern">): boolean {
  return /[*?]/.test(pattern);
}

/** True where the glob (`*` any run, `?` any one character; letter case does not matter) matches the whole name. */
export function globMatches(pattern: string, name: string): boolean {
  const p = [...pattern.toLowerCase()];
  const n = [...name.toLowerCase()];
  // Two pointers instead of a regular expression: a pattern is user input and must not cost exponential time.
  let star = -1;
  let from = 0;
  let i = 0;
  let j = 0;
  while (j < n.length) {
    if (i < p.length && p[i] !== "*" && (p[i] === "?" || p[i] === n[j])) {
      i++;
      j++;
    } else if (p[i] === "*") {
      star = i++;
      from = j;
    } else if (star >= 0) {
      i = star + 1;
      j = ++from;
    } else return false;
  }
  while (p[i] === "*") i++;
  return i === p.length;
}

/** True where the place lies in the scope; no scope is everything. */
export function inScope(place: Located, scope: Scope | undefined): boolean {
  if (scope === undefined) return true;
  const names: Record<Exclude<ScopeKind, "any">, (string | undefined)[]> = {
    sub: [place.subscription.id, place.subscription.name],
    rg: [place.resourceGroup],
    cluster: [place.cluster],
    registry: [place.registry],
  };
  const candidates = scope.kind === "any" ? Object.values(names).flat() : names[scope.kind];
  return candidates.some((name) => name !== undefined && globMatches(scope.pattern, name));
}

/** True where one scope of the list matches; an empty list is everything. */
export function inScopes(place: Located, scopes: readonly Scope[]): boolean {
  return scopes.length === 0 || scopes.some((scope) => inScope(place, scope));
}
