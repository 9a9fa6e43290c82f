import { parse } from "yaml";
import { apiVersionOf } from "../kinds.ts";
import { at, isRecord, type Json } from "../object.ts";
import { unknownFields } from "../schema.ts";
import { badRequest } from "../status.ts";
import type { ApiRequest, Target } from "./request.ts";

/** Refuses an object that is of another kind, name or namespace than the path says. */
export function agrees({ kind, namespace, name }: Target, given: Json) {
  const version = apiVersionOf(kind);
  if (given.kind !== kind.kind || given.apiVersion !== version)
    throw badRequest(
      `${String(given.kind)} in version "${String(given.apiVersion)}" cannot be handled as a ${kind.kind}: no kind "${String(given.kind)}" is registered for version "${String(given.apiVersion)}"`,
    );
  const meta = at(given, "metadata");
  if (namespace !== undefined && meta.namespace !== undefined && meta.namespace !== namespace)
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  if (name !== undefined && meta.name !== name)
    throw badRequest(
      `the name of the object (${String(meta.name ?? "")}) does not match the name on the URL (${name})`,
    );
}

export const bodyOf = ({ body, contentType }: ApiRequest): Json =>
  contentType.includes("yaml") ? yamlOf(body) : recordOf(parseJson(body));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`error decoding: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function yamlOf(text: string): Json {
  try {
    return recordOf(parse(text) as unknown);
  } catch (error) {
    throw badRequest(`error decoding YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function recordOf(value: unknown): Json {
  if (isRecord(value) && isRecord(value.metadata)) return value;
  throw badRequest("Object 'Kind' is missing or the object has no metadata");
}

/** `fieldValidation=Strict` refuses unknown fields; otherwise they are dropped. */
export function strict(given: Json, { query }: ApiRequest): Json {
  const unknown = unknownFields(given);
  if (unknown.length === 0 || query.get("fieldValidation") !== "Strict") return given;
  const said = unknown.map((path) => `unknown field "${path}"`).join(", ");
  throw badRequest(
    `${String(given.kind)} in version "${String(given.apiVersion)}" cannot be handled as a ${String(given.kind)}: strict decoding error: ${said}`,
  );
}
