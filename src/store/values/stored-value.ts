/**
 * The one way in which values come back from Redis: as JSON of a known version, parsed with a schema. A value that an
 * older process could not read gets a higher version, and the version comes first in its JSON text: `{"v":2,…}` or
 * `[2,…]`. Sets of words that grow (topics, kinds of trouble, names of checks) are plain strings in schemas, so that a
 * new word needs no new version.
 */

import type { z } from "zod";
import type { StoredKind } from "../../domain/stored-kind.ts";

/** How one kind of value is read. `plain`: a text of its own, no JSON. `unversioned`: written without a version. */
export type ValueFormat<T> = {
  kind: StoredKind;
  schema: z.ZodType<T>;
  version?: number;
  plain?: true;
  unversioned?: true;
};

export type Parsed<T> = { value: T } | { newer: number } | { damaged: string };

/** Parses a stored text; what is wrong is said in a few words, without the value itself. */
export function parseStored<T>(format: ValueFormat<T>, text: string): Parsed<T> {
  let content: unknown = text;
  if (!format.plain) {
    try {
      content = JSON.parse(text);
    } catch {
      return { damaged: "not a whole JSON text" };
    }
    const latest = format.version ?? 1;
    const version = versionOf(content);
    if (version === undefined && !format.unversioned) return { damaged: "no version" };
    if (version !== undefined && !(Number.isInteger(version) && Number(version) >= 1))
      return { damaged: "a version that never was" };
    if (Number(version) > latest) return { newer: Number(version) };
  }
  const parsed = format.schema.safeParse(content);
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  return { damaged: `${issue?.path.join(".") || "the value"}: ${issue?.message ?? "does not fit"}` };
}

/** The version of a newer value in a stored text, where it is one; for formats that are not known here. */
export function newerVersion(text: string, latest = 1): number | undefined {
  const version = Number(leadingVersion.exec(text)?.[1] ?? 0);
  return version > latest ? version : undefined;
}

const leadingVersion = /^(?:\{"v":|\[)(\d{1,9})[,}\]]/;

function versionOf(content: unknown): unknown {
  if (Array.isArray(content)) return content[0];
  return typeof content === "object" && content !== null ? (content as { v?: unknown }).v : undefined;
}

/**
 * Lua that keeps a newer version where it is: `keepHash(key, field, value)` and `keepText(key, value, …)` write only
 * over values of versions that this process knows.
 */
export const keepNewer = `
local function newer(there)
  local version = there and (string.match(there, '^{"v":(%d+)[,}]') or string.match(there, '^%[(%d+)[,%]]'))
  return version and tonumber(version) > 1
end
local function keepHash(key, field, value)
  if not newer(redis.call('HGET', key, field)) then redis.call('HSET', key, field, value) end
end
local function keepText(key, value, ...)
  if not newer(redis.call('GETRANGE', key, 0, 24)) then redis.call('SET', key, value, ...) end
end
`;
