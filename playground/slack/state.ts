import type { WebSocket } from "ws";
import type { Refusal } from "./blocks/validate.ts";
import type { Fault } from "./faults.ts";
import type { Block, Message, SlackFile } from "./message.ts";
import type { Settings } from "./options.ts";
import {
  type Channel,
  defaultBot,
  defaultTeam,
  exampleWorkspace,
  type User,
  type UserGroup,
} from "./workspace.ts";

export type Answer = { ok: boolean; error?: string } & Record<string, unknown>;

/** One Web API call as it came and as it was answered. */
export type Call = {
  method: string;
  args: Record<string, unknown>;
  /** Real epoch ms of arrival. */
  time: number;
  status: number;
  answer: Answer | undefined;
  fault?: Fault["kind"];
};

export type View = {
  id: string;
  type: "modal";
  user: string;
  hash: string;
  root: string;
  previous?: string;
  open: boolean;
  title?: Block;
  submit?: Block;
  close?: Block;
  blocks: Block[];
  callback_id: string;
  external_id: string;
  private_metadata: string;
  notify_on_close: boolean;
  clear_on_close: boolean;
  /** Earlier contents, oldest first. */
  history: { blocks: Block[]; at: number }[];
};

export type Trigger = { id: string; user: string; issued: number; used: boolean; view?: string };

export type ResponseUrl = {
  id: string;
  channel: string;
  user: string;
  issued: number;
  uses: number;
  /** The message that `replace_original` and `delete_original` mean. */
  original?: Message;
  thread_ts?: string;
  /** Everything that came through it, in order. */
  answers: Message[];
};

/** What arrived through a response_url. */
export type Response = {
  responseUrl: string;
  body: Record<string, unknown>;
  time: number;
  status: number;
  answer: string;
};

export type Connection = {
  id: string;
  socket: WebSocket;
  opened: number;
  draining: boolean;
  frozen: boolean;
};

/** A request that was brought to the bot, with the time until its acknowledgement. */
export type Delivered = { kind: string; over: "http" | "socket"; status: number; ms: number; time: number };

export type State = {
  settings: Settings;
  team: typeof defaultTeam;
  bot: typeof defaultBot;
  users: Map<string, User>;
  channels: Map<string, Channel>;
  /** Earlier id → the channel's id now. */
  renumbered: Map<string, string>;
  usergroups: UserGroup[];
  origin: string;
  eventsUrl: string | undefined;
  posts: Map<string, Message[]>;
  byTs: Map<string, Message>;
  /** `CHANNEL/TS` of what was deleted. */
  gone: Set<string>;
  ephemerals: Message[];
  files: Map<string, SlackFile>;
  views: Map<string, View>;
  triggers: Map<string, Trigger>;
  responseUrls: Map<string, ResponseUrl>;
  responses: Response[];
  /** Messages that a response_url refused, with Slack's reasons. */
  refusals: Refusal[];
  calls: Call[];
  deliveries: Delivered[];
  faults: Fault[];
  /** GCRA: per channel, the theoretical time of the next message. */
  pace: Map<string, number>;
  recent: Map<string, number[]>;
  connections: Connection[];
  tickets: Set<string>;
  acks: Map<string, (payload: unknown) => void>;
  listeners: Set<() => void>;
  lastTs: number;
  serial: number;
};

export function createState(settings: Settings): State {
  const workspace = settings.workspace ?? exampleWorkspace;
  const bot = { ...defaultBot, ...workspace.bot };
  const self: User = { id: bot.user_id, name: bot.name, real_name: "Breakwater", is_bot: true };
  return {
    settings,
    team: { ...defaultTeam, ...workspace.team },
    bot,
    users: new Map([...workspace.users, self].map((user) => [user.id, { ...user }])),
    channels: new Map(workspace.channels.map((channel) => [channel.id, { ...channel }])),
    renumbered: new Map(),
    usergroups: (workspace.usergroups ?? []).map((group) => ({ ...group })),
    origin: "",
    eventsUrl: settings.eventsUrl,
    posts: new Map(),
    byTs: new Map(),
    gone: new Set(),
    ephemerals: [],
    files: new Map(),
    views: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    responses: [],
    refusals: [],
    calls: [],
    deliveries: [],
    faults: [],
    pace: new Map(),
    recent: new Map(),
    connections: [],
    tickets: new Set(),
    acks: new Map(),
    listeners: new Set(),
    lastTs: 0,
    serial: 0,
  };
}

/** The workspace that a person comes from. */
export function teamOf(state: State, id: string): string {
  const user = state.users.get(id);
  return user?.team ?? (user?.is_stranger ? "T0ELSEWHERE" : state.team.id);
}

export function nextId(state: State, prefix: string): string {
  state.serial += 1;
  return `${prefix}0${state.serial.toString(36).toUpperCase().padStart(9, "0")}`;
}

/** A message timestamp: seconds and six digits, unique and increasing. */
export function nextTs(state: State): string {
  state.lastTs = Math.max(state.lastTs + 1, Math.floor(state.settings.clock() * 1000));
  return formatTs(state.lastTs);
}

/** `micros` is epoch microseconds. */
export function formatTs(micros: number): string {
  return `${Math.floor(micros / 1e6)}.${String(Math.floor(micros % 1e6)).padStart(6, "0")}`;
}

export function changed(state: State): void {
  for (const listener of state.listeners) listener();
}
