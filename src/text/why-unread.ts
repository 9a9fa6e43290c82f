/** Networks give their errors a code; those that have only the name of their class come from whoever read an answer. */
export const plainError = /^([A-Z][a-z]+)?Error$/;

/** Why a part of the estate could not be read, by what a failure says of itself; `status` 0: there was no answer. */
export function whyUnread({ status, code, message }: { status: number; code: string; message: string }) {
  if (
    /MissingSubscriptionRegistration|InvalidResourceNamespace|NoRegisteredProviderFound/i.test(code) ||
    /is not registered/i.test(message)
  )
    return "not-registered";
  // A query about nothing but what may not be read is a bad request [Resource Graph, NoValidSubscriptionsInQueryRequest].
  if (status === 401 || status === 403 || /^(NoValidSubscriptions|AccessDenied)/i.test(code)) return "denied";
  if (status === 429) return "throttled";
  if (/SubscriptionNotFound|InvalidSubscriptionId/i.test(code)) return "gone";
  if (status === 0 && plainError.test(code)) return "failed";
  return status === 0 || status === 408 || (status >= 502 && status <= 504) ? "unreachable" : "failed";
}
