import { UpstreamError } from "../../errors.ts";
import { pageWords } from "../../text/page-words.ts";
import { capped, parsed, text } from "../objects/read.ts";

/** What Node says about certificates and protocols never gets better by itself. */
const lasting = /CERT|SIGNATURE|ERR_TLS|ERR_SSL|EPROTO|ERR_INVALID/i;

/** Statuses of Kubernetes' reasons, for answers that come as kubectl's words [apimachinery, metav1.StatusReason]. */
const statuses: Record<string, number> = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  AlreadyExists: 409,
  Conflict: 409,
  Gone: 410,
  Expired: 410,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
  ServerTimeout: 504,
};

function isTransient(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/**
 * Refusals that are over at the next try: credentials that are fetched anew, an object that changed at the same moment
 * [apiserver, OptimisticLockErrorMsg], a namespace that is just being deleted [apiserver, admission/lifecycle], an API
 * server that has just started and has not read its roles yet [apiserver, RBAC evaluation errors], a list that changed
 * too quickly to be read in pages.
 */
function passes(status: number, said: string): boolean {
  if (status === 401 || status === 410) return true;
  if (status === 409) return /the object has been modified|object is being deleted/i.test(said);
  if (status !== 403) return false;
  return /because it is being terminated/i.test(said) || isRoleAbsent(said);
}

/** `RBAC: clusterrole.rbac.authorization.k8s.io "x" not found`. */
function isRoleAbsent(said: string): boolean {
  return said.includes("RBAC: ") && /role(?:\.rbac\.authorization\.k8s\.io)? "[^"]*" not found/.test(said);
}

/** An answer of status 400 and more as our error: a `Status` of Kubernetes, or whatever a proxy said. */
export function refusal(status: number, body: string, retryAfter?: string): UpstreamError {
  const about = parsed(body);
  const isStatus = text(about, ["kind"]) === "Status";
  const code = (isStatus && text(about, ["reason"], 100)) || `Http${status}`;
  const said = isStatus ? text(about, ["message"], 1000) : plain(body);
  // A Status may say when to retry in its details instead of a header [metav1.StatusDetails, retryAfterSeconds].
  const seconds = Number(retryAfter || text(about, ["details", "retryAfterSeconds"]) || Number.NaN);
  return new UpstreamError(`Kubernetes answered ${status} ${code}${said && `: ${said}`}`, {
    system: "kubernetes",
    status,
    code,
    retryable: isTransient(status) || passes(status, said),
    retryAfter: seconds >= 0 ? seconds : undefined,
  });
}

/**
 * kubectl's last words, `Error from server (NotFound): pods "x" not found`, as the error that they mean. Reason
 * Invalid has a form of its own: `The pods "x" is invalid: …` [kubectl, cmd/util CheckErr].
 */
export function saidByKubectl(output: string): UpstreamError {
  const [invalid] = /^The (?:request|\S+ "[^"\n]*") is invalid\b[\s\S]*/m.exec(output) ?? [];
  const [, reason = "", said = ""] = invalid
    ? [invalid, "Invalid", invalid]
    : (/Error from server(?: \((\w+)\))?: ([\s\S]*)/.exec(output) ?? []);
  // Admission webhooks answer without a reason that kubectl would name.
  const status = statuses[reason] ?? (/denied the request|forbidden/i.test(said) ? 403 : 0);
  const unreachable = /unable to connect|connection refused|i\/o timeout|no such host/i.test(output);
  return new UpstreamError(
    `kubectl said: ${capped((said || output).replace(/\s+/g, " ").trim() || "nothing", 1000)}`,
    {
      system: "kubernetes",
      status,
      code: reason || (status === 403 ? "Forbidden" : "KubectlFailed"),
      retryable: unreachable || isTransient(status) || passes(status, said),
    },
  );
}

/** What was thrown on the way to an API server; our own errors come back as they are. `status` 0: nothing answered. */
export function unreached(error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error;
  const chain = [error, of(error, "cause"), of(error, "error"), of(of(error, "cause"), "cause")];
  const name = chain.map((one) => word(one, "name")).find((one) => /Timeout|Abort/.test(one));
  const known = chain.map((one) => word(one, "code")).find((one) => one !== "");
  const code = known ?? (name ? "ETIMEDOUT" : word(error, "name") || "Error");
  const said = chain.map((one) => word(one, "message")).findLast((one) => one !== "") ?? "";
  return new UpstreamError(`The API server could not be reached (${code}): ${capped(said, 300)}`, {
    system: "kubernetes",
    code,
    retryable: !lasting.test(code),
    cause: error,
  });
}

/** Nothing answered that may be trusted. */
export function isTrustFailure({ status, code }: UpstreamError): boolean {
  return status === 0 && lasting.test(code);
}

/** An error of ours that is no answer of an API server. */
export function trouble(code: string, said: string, retryable = false, status = 0): UpstreamError {
  return new UpstreamError(said, { system: "kubernetes", status, code, retryable });
}

/** Errors hide their fields from plain reading: they are inherited or not enumerable. */
function of(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function word(value: unknown, name: string): string {
  const field = of(value, name);
  return typeof field === "string" ? field : "";
}

/** The words of a body that is no Status, for example a proxy's page. */
function plain(body: string): string {
  return capped(pageWords(body), 200);
}
