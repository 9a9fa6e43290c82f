/**
 * True where the API server says that a permission is missing, `User "x" cannot list resource "pods"` [apiserver, RBAC],
 * and no admission. An API server that has just started says so of everything, until it has read its roles.
 */
export function isMissingRight({ status, message }: { status: number; message: string }): boolean {
  return status === 403 && /\bcannot [a-z]+ (?:resource|path) "/.test(message);
}
