import { UpstreamError } from "../../errors.ts";
import { capped, field, text } from "../fields.ts";
import { isTransient } from "./transient.ts";

/** Words with which Entra refuses [OAuth 2.0, RFC 6749 5.2; Entra docs, authorization error codes]; others pass. */
const refusals =
  /^(invalid_|unauthorized_|unsupported_|access_denied|consent_required|interaction_required|login_required)/;
const wordOnly = /^[a-z]\w*$/i;

/** True for the errors of `@azure/identity`. */
export function isNoToken(error: unknown): boolean {
  return /Credential|Authentication/.test(text(field(error, "name")));
}

/**
 * No token. Entra refuses; an identity that is unavailable was never asked, or its endpoint failed: no one denied a
 * right. The credential of the environment makes a 400 of everything, with Entra's word at the head of what it says
 * [@azure/identity 4.14, environmentCredential.js].
 */
export function noToken(error: unknown, name: string, message: string): UpstreamError {
  const refusable = name === "AuthenticationError" || name === "AuthenticationRequiredError";
  const named = text(field(error, "errorResponse", "error"), 300);
  const description = text(field(error, "errorResponse", "errorDescription"), 2000);
  const wrapped = named !== "" && !wordOnly.test(named);
  const word = wrapped ? (/^[a-z]\w*(?=:)/i.exec(description)?.[0] ?? "") : named;
  const said = Number(text(field(error, "statusCode")));
  const status = !refusable ? 0 : refusals.test(word) ? 401 : wrapped ? 0 : said || 401;
  const code = word || (refusable ? name : "NoToken");
  return new UpstreamError(`No token for Azure (${code}): ${plainly(description || message)}`, {
    system: "azure",
    status,
    code,
    retryable: status === 0 || isTransient(status),
    cause: error,
  });
}

/** The library wraps what was said, and `DefaultAzureCredential` lists every way that it tried. */
function plainly(message: string): string {
  const described = /Description: (.*?)(?: - Correlation ID|$)/s.exec(message)?.[1];
  const failed = message.indexOf("authentication failed.");
  const listed = failed >= 0 && message.includes("Error:", failed);
  const words = (described && !listed ? described : message).replace(/\s+/g, " ");
  return capped(words.replace(/ ?To troubleshoot, visit \S+/g, ""), 600);
}
