/** Who may run a command. A guest of the workspace is no member; operators and approvers are named in the settings. */
export const accessLevels = ["anyone", "member", "operator", "approver"] as const;

export type Access = (typeof accessLevels)[number];
