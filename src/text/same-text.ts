/** Whether two names or ids are the same in any letter case, as Azure and Kubernetes compare most of theirs. */
export function sameText(a: string, b: string | undefined): boolean {
  return a.toLowerCase() === b?.toLowerCase();
}
