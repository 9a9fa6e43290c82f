import { createHash, randomUUID } from "node:crypto";
import type {
  BlockAction,
  MessageShortcut,
  SlackShortcut,
  SlashCommand,
  ViewSubmitAction,
} from "@slack/bolt";
import type { Caller } from "../../definitions/command.ts";
import { optionName, quoteWord } from "../../message/line.ts";
import { chosenLine } from "../render/menu.ts";
import type { FormPlace, ViewPlace } from "../render/view.ts";
import type { ReplyPlace } from "../reply/place.ts";
import { typedLine, withoutMention } from "./typed-entities.ts";

/**
 * Slack always sends a trigger, other servers may not. Then something else that is unique tells one doing from the next:
 * two commands must not be taken for one.
 */
function idOf(...candidates: (string | undefined)[]): string {
  return candidates.find((one) => typeof one === "string" && one !== "") ?? randomUUID();
}

/** What a person did, read out of Slack's payload. `id`: equal for repeated deliveries of the same doing. */
export type Doing = Omit<ReplyPlace, "language" | "channel"> & {
  id: string;
  line: string;
  team: string;
  /** Workspace and organisation of the person, as far as the payload tells them. */
  teams: string[];
  /** Unknown for a shortcut outside any channel: then the direct conversation with the person. */
  channel?: string;
  channelName?: string;
  /** What `Caller.thread` says: also set below a message whose button was pressed. */
  below?: string;
};

export function fromCommand(body: SlashCommand): Doing {
  return {
    id: idOf(body.trigger_id, body.response_url),
    source: "slash",
    line: typedLine(body.text ?? ""),
    person: body.user_id,
    // An app that is installed for a whole organisation may be called without a workspace.
    team: body.team_id ?? "",
    // Only people of the workspace can use its commands.
    teams: teamsOf(body.team_id, body.enterprise_id),
    channel: body.channel_id,
    channelName: body.channel_name,
    responseUrl: body.response_url,
    trigger: body.trigger_id,
  };
}

function teamsOf(...ids: (string | false | null | undefined)[]): string[] {
  return ids.filter((id): id is string => typeof id === "string" && id !== "");
}

/** The person's own workspace in what they pressed; `team` is that of the place, and speaks for its own people only. */
function pressersTeams(
  body: Pick<BlockAction | ViewSubmitAction | SlackShortcut, "user" | "team" | "enterprise">,
): string[] {
  const own = (body.user as { team_id?: string }).team_id;
  const organisation = body.enterprise?.id ?? (body.team as { enterprise_id?: string } | null)?.enterprise_id;
  return teamsOf(own, own !== undefined && own === body.team?.id && organisation);
}

/** The parts of an `app_mention` event and its envelope that are used. */
export type Mention = {
  event_id: string;
  team_id: string;
  enterprise_id?: string | null;
  is_ext_shared_channel?: boolean;
  api_app_id?: string;
  authorizations?: { user_id?: string; is_bot?: boolean }[] | null;
  event: {
    user?: string;
    user_team?: string;
    bot_id?: string;
    text?: string;
    ts: string;
    thread_ts?: string;
    channel: string;
  };
};

/** Undefined for what bots say, this one included: two bots must not talk for ever. */
export function fromMention(body: Mention): Doing | undefined {
  const { event } = body;
  const bot = body.authorizations?.find(({ is_bot }) => is_bot)?.user_id;
  if (!event.user || event.bot_id || event.user === bot) return undefined;
  const line = typedLine(withoutMention(event.text ?? "", bot));
  // A message that is edited comes again as another event: what counts is whether its command changed.
  const command = createHash("sha256").update(line.trim().replace(/\s+/g, " ")).digest("hex").slice(0, 16);
  const team = event.user_team ?? (body.is_ext_shared_channel === false ? body.team_id : undefined);
  return {
    id: `${event.channel}.${event.ts}.${command}`,
    source: "mention",
    line,
    person: event.user,
    team: body.team_id ?? "",
    teams: teamsOf(team, team === body.team_id && body.enterprise_id),
    channel: event.channel,
    thread: event.thread_ts ?? event.ts,
    below: event.thread_ts,
  };
}

function lineOf(action: BlockAction["actions"][number]): string | undefined {
  if (action.type === "button") return action.value;
  if (action.type !== "overflow" && action.type !== "static_select") return undefined;
  const value: unknown = action.selected_option?.value;
  return typeof value === "string" ? chosenLine(action.action_id, value) : undefined;
}

/** Undefined for elements that carry no command line: links, and what other versions of the bot sent. */
export function fromButton(body: BlockAction): Doing | undefined {
  const [action] = body.actions ?? [];
  const line = action && lineOf(action);
  if (!line) return undefined;
  const container: Partial<BlockAction["container"]> = body.container ?? {};
  const place = body.view ? placeOf<ViewPlace>(body.view.private_metadata) : {};
  const ephemeral = container.is_ephemeral === true;
  const thread = body.view
    ? place.thread
    : ((container.thread_ts as string | undefined) ?? body.message?.thread_ts);
  const message = body.view
    ? place.message
    : ephemeral
      ? undefined
      : (container.message_ts as string | undefined);
  return {
    id: idOf(body.trigger_id, action.action_ts && `${body.user.id}.${action.action_ts}`),
    source: "button",
    line,
    person: body.user.id,
    team: body.team?.id ?? "",
    teams: pressersTeams(body),
    channel: body.channel?.id ?? place.channel,
    channelName: body.channel?.name,
    thread,
    below: thread ?? message,
    message,
    responseUrl: body.response_url || undefined,
    trigger: body.trigger_id,
    view: body.view?.id,
  };
}

/** The form's line with `--name value` for each field that was filled. */
export function fromSubmission(body: ViewSubmitAction): Doing | undefined {
  const place = placeOf<FormPlace>(body.view.private_metadata);
  if (!place.line) return undefined;
  const fields = Object.values(body.view.state?.values ?? {}).flatMap((block) => Object.entries(block));
  const given = fields.flatMap(([name, field]) => {
    const value = field.selected_option?.value ?? field.value;
    return value?.trim() ? [`--${optionName(name)} ${quoteWord(value.trim())}`] : [];
  });
  // Slack sends a trigger with a submission; Bolt's type does not say so.
  const trigger = (body as { trigger_id?: string }).trigger_id;
  return {
    id: idOf(trigger, `${body.view.id}.${body.view.hash}`),
    source: "modal",
    line: [place.line, ...given].join(" "),
    person: body.user.id,
    team: body.team?.id ?? "",
    teams: pressersTeams(body),
    channel: place.channel,
    thread: place.thread,
    below: place.thread ?? place.message,
    message: place.message,
    trigger,
  };
}

/** A shortcut's `callback_id` in the manifest is the command line that it types. */
export function fromShortcut(body: SlackShortcut): Doing {
  const on = body.type === "message_action" ? (body as MessageShortcut) : undefined;
  return {
    id: idOf(body.trigger_id, body.action_ts && `${body.user.id}.${body.action_ts}`),
    source: "shortcut",
    line: body.callback_id,
    person: body.user.id,
    team: body.team?.id ?? "",
    teams: pressersTeams(body),
    channel: on?.channel.id,
    channelName: on?.channel.name,
    thread: on?.message.thread_ts as string | undefined,
    below: on?.message_ts,
    responseUrl: on?.response_url,
    trigger: body.trigger_id,
  };
}

export function callerOf(
  doing: Doing,
  channel: string,
  {
    identity,
    language,
    timezone,
    stranger,
  }: { identity?: string } & Pick<Caller, "language" | "timezone" | "stranger">,
): Caller {
  const { person, team, channelName, below } = doing;
  return {
    person: identity ?? person,
    team,
    channel,
    language,
    ...(timezone && { timezone }),
    ...(stranger && { stranger }),
    ...(channelName && { channelName }),
    ...(below && { thread: below }),
  };
}

/** What a view of ours remembers; another app's, or an older version's, remembers nothing. */
function placeOf<Place>(metadata: string): Partial<Place> {
  try {
    const value: unknown = JSON.parse(metadata);
    return typeof value === "object" && value !== null ? (value as Partial<Place>) : {};
  } catch {
    return {};
  }
}
