import { type Channel, exampleWorkspace, type Workspace } from "../playground/slack/workspace.ts";

/** Ten channels beside those of the example workspace, each subscribed to all alerts. */
const channels: Channel[] = Array.from({ length: 10 }, (_, index) => ({
  id: `C0BENCH${String(index).padStart(4, "0")}`,
  name: `bench-${index}`,
}));

export const channelIds = channels.map(({ id }) => id);

export const workspace: Workspace = {
  ...exampleWorkspace,
  channels: [...exampleWorkspace.channels, ...channels],
};

/** The bot's breakwater.yaml. */
export const config = `
schedules:
  alerts: "*/2 * * * * *"
channels:
${channelIds.map((id) => `  - { channel: ${id}, topics: [alerts] }`).join("\n")}
`;
