import { isObject } from "../blocks/check.ts";
import { fileOnTheWire, type SlackFile } from "../message.ts";
import { post } from "../posting.ts";
import { nextId, type State } from "../state.ts";
import { content, threadOf } from "./chat.ts";
import { type Args, type Method, required, SlackRefusal, text, tier4 } from "./method.ts";
import { writableChannel } from "./places.ts";

/** Files in three steps: ask for an address, POST the bytes there, share. Source: docs.slack.dev "Working with files". */

const kinds: Record<string, [string, string]> = {
  csv: ["text/csv", "csv"],
  txt: ["text/plain", "text"],
  json: ["application/json", "json"],
  png: ["image/png", "png"],
  svg: ["image/svg+xml", "svg"],
};

function create(state: State, name: string, size: number): SlackFile {
  const id = nextId(state, "F");
  const [mimetype, filetype] = kinds[name.split(".").at(-1)?.toLowerCase() ?? ""] ?? [
    "application/octet-stream",
    "binary",
  ];
  const file: SlackFile = {
    id,
    name,
    title: name,
    mimetype,
    filetype,
    size,
    content: Buffer.alloc(0),
    user: state.bot.user_id,
    created: Math.floor(state.settings.clock() / 1000),
    url_private: `${state.origin}/files/${id}/${encodeURIComponent(name)}`,
    permalink: `https://${state.team.domain}.slack.com/files/${state.bot.user_id}/${id}`,
    channels: [],
    uploaded: false,
    completed: false,
  };
  state.files.set(id, file);
  return file;
}

/** Takes the bytes that were POSTed to the upload address. Answers undefined where there is no such upload. */
export function receiveUpload(state: State, id: string, bytes: Buffer): string | undefined {
  const file = state.files.get(id);
  if (!file || file.completed) return undefined;
  file.content = bytes;
  file.uploaded = true;
  return `OK - ${bytes.length}`;
}

const getUploadUrl: Method = {
  scopes: ["files:write"],
  perMinute: tier4,
  run(args, state) {
    const name = required(args, "filename");
    const length = Number(required(args, "length"));
    if (!Number.isInteger(length) || length <= 0) throw new SlackRefusal("invalid_arguments");
    const file = create(state, name, length);
    return { ok: true, upload_url: `${state.origin}/upload/${file.id}`, file_id: file.id };
  },
};

/** The announced length must match what came. */
function uploadedFiles(args: Args, state: State): SlackFile[] {
  if (!Array.isArray(args.files) || args.files.length === 0) throw new SlackRefusal("invalid_arguments");
  return args.files.map((entry) => {
    const file = isObject(entry) ? state.files.get(String(entry.id)) : undefined;
    if (!file?.uploaded || file.content.length !== file.size) throw new SlackRefusal("file_not_found");
    if (file.completed) throw new SlackRefusal("file_already_completed");
    if (isObject(entry) && typeof entry.title === "string") file.title = entry.title;
    return file;
  });
}

const complete: Method = {
  scopes: ["files:write"],
  perMinute: tier4,
  run(args, state) {
    const files = uploadedFiles(args, state);
    if (!text(args, "channel_id")) {
      for (const file of files) file.completed = true;
      return { ok: true, files: files.map(fileOnTheWire) };
    }
    const channel = writableChannel(args, state, { publicScope: false }, "channel_id");
    const thread_ts = threadOf(args, state, channel.id);
    const body = content({ text: args.initial_comment, blocks: args.blocks }, state);
    for (const file of files) {
      file.completed = true;
      file.channels.push(channel.id);
    }
    const draft = {
      channel: channel.id,
      user: state.bot.user_id,
      text: body.text ?? "",
      blocks: body.blocks,
    };
    post(state, { ...draft, thread_ts, files });
    return { ok: true, files: files.map(fileOnTheWire) };
  },
};

export const files: Record<string, Method> = {
  "files.getUploadURLExternal": getUploadUrl,
  "files.completeUploadExternal": complete,
};
