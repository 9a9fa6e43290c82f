/** People, channels and groups of the workspace that the stand-in plays. Fields are named as Slack names them. */

export type User = {
  id: string;
  name: string;
  real_name?: string;
  tz?: string;
  locale?: "en-US" | "ja-JP" | (string & {});
  is_admin?: boolean;
  is_bot?: boolean;
  /** Multi-channel guest. */
  is_restricted?: boolean;
  /** Single-channel guest. */
  is_ultra_restricted?: boolean;
  /** Of another organisation, and in no channel with the app. Only `team` says who shares one. */
  is_stranger?: boolean;
  /** The workspace of somebody of another organisation, or of another workspace of the same one. */
  team?: string;
  /** `id`: the person's id in the whole organisation, which accounts of one human share. */
  enterprise_user?: { id?: string; enterprise_id: string; teams?: string[] };
  deleted?: boolean;
};

export type Channel = {
  id: string;
  name: string;
  is_private?: boolean;
  is_archived?: boolean;
  /** Whether the bot is in it; default true. */
  is_member?: boolean;
  /** People in it; default everybody. */
  members?: string[];
  /** Posting is reserved to few: the bot gets `restricted_action`. */
  restricted?: boolean;
  /** Shared with another organisation (Slack Connect). */
  is_ext_shared?: boolean;
  is_im?: boolean;
  /** The other side of a direct message. */
  user?: string;
};

export type UserGroup = { id: string; handle: string; name: string; users: string[]; date_delete?: number };

export type Workspace = {
  /** `enterprise_id`: of the Grid organisation that the workspace belongs to. */
  team?: { id: string; name: string; domain: string; enterprise_id?: string };
  bot?: { user_id: string; bot_id: string; app_id: string; name: string };
  users: User[];
  channels: Channel[];
  usergroups?: UserGroup[];
};

export const defaultTeam: NonNullable<Workspace["team"]> = {
  id: "T0BREAKWTR",
  name: "Harbour",
  domain: "harbour",
};
export const defaultBot = {
  user_id: "U0BREAKWTR",
  bot_id: "B0BREAKWTR",
  app_id: "A0BREAKWTR",
  name: "breakwater",
};

/** A small team in two languages with one of each awkward kind of person and channel. */
export const exampleWorkspace: Workspace = {
  users: [
    { id: "U0AKIRA0001", name: "akira", real_name: "田中 明", tz: "Asia/Tokyo", locale: "ja-JP" },
    { id: "U0OLIVIA001", name: "olivia", real_name: "Olivia Grant", tz: "Europe/London", locale: "en-US" },
    { id: "U0SAM000001", name: "sam", real_name: "Sam Reyes", tz: "America/New_York", locale: "en-US" },
    { id: "U0GUEST0001", name: "gina", real_name: "Gina Guest", tz: "Europe/Paris", is_restricted: true },
    { id: "U0STRANGER1", name: "stefan", real_name: "Stefan Other", tz: "Europe/Berlin", is_stranger: true },
  ],
  channels: [
    { id: "C0SECURITY1", name: "security" },
    { id: "C0PLATFORM1", name: "platform" },
    { id: "C0JAPAN0001", name: "セキュリティ" },
    { id: "C0ADMIN0001", name: "breakwater-admin", is_private: true },
    { id: "C0PUBLIC001", name: "general", is_member: false },
    { id: "C0HIDDEN001", name: "executives", is_private: true, is_member: false, members: ["U0OLIVIA001"] },
    { id: "C0ARCHIVED1", name: "old-alerts", is_archived: true },
  ],
  usergroups: [
    { id: "S0APPROVERS", handle: "approvers", name: "Approvers", users: ["U0OLIVIA001"] },
    { id: "S0OPERATORS", handle: "operators", name: "Operators", users: ["U0AKIRA0001", "U0OLIVIA001"] },
  ],
};
