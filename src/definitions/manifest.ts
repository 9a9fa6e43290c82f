import type { CommandDefinition } from "./command.ts";
import type { Definitions } from "./load.ts";

export type ManifestOptions = {
  /** Where Slack sends its requests, for HTTP mode. */
  url: string;
  /** OAuth scopes of the bot token. */
  scopes: readonly { scope: string; optional?: true }[];
  /** Command lines that are offered as global shortcuts; Slack allows five. */
  shortcuts: readonly string[];
};

/**
 * The Slack app manifest, importable as it is [docs.slack.dev, app manifest reference: usage hint up to 1,000
 * characters, name of a shortcut up to 24, description of a shortcut up to 150].
 */
export function slackManifest(
  { commands }: Definitions,
  { url, scopes, shortcuts }: ManifestOptions,
): object {
  const names = [...commands].filter(([, { hidden }]) => !hidden).map(([name]) => name);
  const optional = scopes.filter((one) => one.optional).map(({ scope }) => scope);
  return {
    display_information: {
      name: "Breakwater",
      description:
        "Microsoft Defender for Containers in Slack: coverage, vulnerabilities, alerts, attack simulations",
      background_color: "#1f3a5f",
    },
    features: {
      app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      bot_user: { display_name: "Breakwater", always_online: true },
      shortcuts: shortcuts.map((line) => shortcut(line, commands)),
      slash_commands: [
        {
          command: "/defender",
          url,
          description: "Ask Microsoft Defender for Containers",
          usage_hint: `[${names.join(" | ")}]`.slice(0, 1000),
          // Off: people and channels are typed as they are; Slack escapes nothing in the text.
          should_escape: false,
        },
      ],
    },
    oauth_config: {
      scopes: {
        bot: scopes.filter((one) => !one.optional).map(({ scope }) => scope),
        ...(optional.length > 0 ? { bot_optional: optional } : {}),
      },
    },
    settings: {
      event_subscriptions: { request_url: url, bot_events: ["app_mention", "channel_id_changed"] },
      interactivity: { is_enabled: true, request_url: url },
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    },
  };
}

/** A shortcut's `callback_id` is the command line that it types. */
function shortcut(line: string, commands: ReadonlyMap<string, CommandDefinition>): object {
  const command = commands.get(line.split(" ")[0] ?? "");
  if (!command) throw new Error(`The shortcut "${line}" names no command.`);
  return {
    name: `Defender: ${line}`.slice(0, 24),
    type: "global",
    callback_id: line,
    description: command.texts.en.summary.slice(0, 150),
  };
}
