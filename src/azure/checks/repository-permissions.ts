import { field, text } from "../fields.ts";

const registries = "Microsoft.ContainerRegistry/registries";

/** What reads a repository's tags in ABAC mode, and the built-in role that has it. */
export const readTags = `${registries}/repositories/metadata/read`;
export const readerRole = "Container Registry Repository Reader";

/** Actions that a registry in ABAC mode ignores, and the data actions that count there instead [ACR docs, ABAC]. */
const instead: Record<string, readonly string[]> = {
  [`${registries}/pull/read`]: [readTags],
  [`${registries}/artifacts/delete`]: [
    `${registries}/repositories/content/delete`,
    `${registries}/repositories/metadata/delete`,
  ],
};

/** Whether a registry of `queries/registries.kql` is in ABAC mode [registries 2025-11-01, roleAssignmentMode]. */
export function isAbac(row: unknown): boolean {
  return /^abacrepositorypermissions$/i.test(text(field(row, "roleAssignmentMode"), 100));
}

/** The actions as a registry of that mode judges them: by control plane, and by data action. */
export function withDataActions(actions: readonly string[], abac: boolean) {
  const isReplaced = (action: string) => abac && action in instead;
  return {
    control: actions.filter((action) => !isReplaced(action)),
    data: actions.filter(isReplaced).flatMap((action) => instead[action] ?? []),
  };
}
