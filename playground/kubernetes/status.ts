import { type Kind, qualified } from "./kinds.ts";
import type { Json } from "./object.ts";

/** The answer to what is refused, `kind: Status` [Kubernetes API conventions, "Response Status Kind"]. */
export type Status = {
  kind: "Status";
  apiVersion: "v1";
  metadata: Json;
  status: "Success" | "Failure";
  message?: string;
  reason?: string;
  details?: Json;
  code?: number;
};
/** An error that carries the status to answer with. */
export type Refusal = Error & { refusal: Status };

export function failed(code: number, reason: string, message: string, details?: Json): Status {
  const status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
  } as const;
  return { ...status, ...(details ? { details } : {}), code };
}

export function refuse(status: Status): Refusal {
  return Object.assign(new Error(status.message), { refusal: status });
}

export const isRefusal = (error: unknown): error is Refusal =>
  error instanceof Error && "refusal" in error && typeof error.refusal === "object";

const details = (kind: Kind, name: string): Json => ({
  name,
  ...(kind.group ? { group: kind.group } : {}),
  kind: kind.plural,
});

export const notFound = (kind: Kind, name: string) =>
  refuse(failed(404, "NotFound", `${qualified(kind)} "${name}" not found`, details(kind, name)));

export const unknownResource = () =>
  refuse(failed(404, "NotFound", "the server could not find the requested resource", {}));

export const alreadyExists = (kind: Kind, name: string) =>
  refuse(failed(409, "AlreadyExists", `${qualified(kind)} "${name}" already exists`, details(kind, name)));

export const badRequest = (message: string) => refuse(failed(400, "BadRequest", message));

export const conflict = (kind: Kind, name: string, why: string) =>
  refuse(
    failed(
      409,
      "Conflict",
      `Operation cannot be fulfilled on ${qualified(kind)} "${name}": ${why}`,
      details(kind, name),
    ),
  );

export const forbidden = (kind: Kind, name: string, why: string, causes?: Json[]) =>
  refuse(
    failed(403, "Forbidden", `${qualified(kind)} "${name}" is forbidden: ${why}`, {
      ...details(kind, name),
      ...(causes ? { causes } : {}),
    }),
  );

export type Cause = { reason: string; message: string; field: string };

/** 422 with one cause for each field, in the words of the API machinery. */
export function invalid(kind: Kind, name: string, causes: readonly Cause[]): Refusal {
  const said = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = said.length === 1 ? said[0] : `[${said.join(", ")}]`;
  const full = kind.group ? `${kind.kind}.${kind.group}` : kind.kind;
  return refuse(
    failed(422, "Invalid", `${full} "${name}" is invalid: ${list}`, {
      name,
      ...(kind.group ? { group: kind.group } : {}),
      kind: kind.kind,
      causes: [...causes],
    }),
  );
}

export const methodNotAllowed = () =>
  refuse(
    failed(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {}),
  );

export const success = (kind: Kind, name: string, uid: string): Status => ({
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Success",
  details: { ...details(kind, name), uid },
});
