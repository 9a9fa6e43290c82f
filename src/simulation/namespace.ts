import type { ClusterAccess } from "../simulation-ports.ts";

/** Whose the namespace of the runs is. "theirs" is used as it is, and never deleted. */
export async function namespaceOf(
  access: ClusterAccess,
  name: string,
): Promise<"absent" | "ours" | "theirs" | "terminating"> {
  const found = await access.look({ apiVersion: "v1", kind: "Namespace", name });
  if (!found) return "absent";
  if (found.terminating) return "terminating";
  return found.ours ? "ours" : "theirs";
}
