/** An answer of a route: status, headers, and a body that becomes JSON, or the JSON itself as `text`. */
export type Answer = { status: number; headers?: Record<string, string>; body?: unknown; text?: string };

/** An error in Resource Manager's shape, `{"error": {"code", "message"}}`. */
export function failure(
  status: number,
  code: string,
  message: string,
  more: Record<string, unknown> = {},
): Answer {
  return { status, body: { error: { code, message, ...more } } };
}

export const subscriptionNotFound = (id: string) =>
  failure(404, "SubscriptionNotFound", `The subscription '${id}' could not be found.`);

export const notAuthorized = (action: string, scope: string) =>
  failure(
    403,
    "AuthorizationFailed",
    `The client 'breakwater' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );

export const resourceNotFound = (what: string) =>
  failure(404, "ResourceNotFound", `The Resource '${what}' was not found.`);

export const missingVersion = () =>
  failure(
    400,
    "MissingApiVersionParameter",
    "The api-version query parameter (?api-version=) is required for all requests.",
  );

export const invalidVersion = (version: string, allowed: string[]) =>
  failure(
    400,
    "InvalidResourceType",
    `The api-version '${version}' is not supported. The supported api-versions are '${allowed.join(",")}'.`,
  );
