import { isObject } from "./blocks/check.ts";
import type { Message } from "./message.ts";
import { withoutEntities } from "./read/inline.ts";

/** What Slack would act on in a message. `label` is what a link shows instead of its address. */
export type Mention =
  | { kind: "broadcast"; range: string; at: string }
  | { kind: "user" | "channel" | "usergroup"; id: string; at: string }
  | { kind: "link"; url: string; label?: string; at: string };

/**
 * Every live mention, broadcast and link of a message, with its place: in the blocks if it has some,
 * and always in `text`, which notifications show. Buttons' addresses count as links. Plain text and raw cells are dead.
 */
export function mentionsIn(message: Pick<Message, "text" | "blocks">): Mention[] {
  const mentions = mentionsInMrkdwn(message.text, "/text");
  walk(message.blocks ?? [], "/blocks", mentions);
  return mentions;
}

function walk(value: unknown, at: string, mentions: Mention[]): void {
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) walk(entry, `${at}/${index}`, mentions);
    return;
  }
  if (!isObject(value)) return;
  const live = liveOf(value, at);
  mentions.push(...live);
  for (const [name, entry] of Object.entries(value))
    if (typeof entry === "object") walk(entry, `${at}/${name}`, mentions);
}

function liveOf(value: Record<string, unknown>, at: string): Mention[] {
  switch (value.type) {
    case "mrkdwn":
      return mentionsInMrkdwn(String(value.text), `${at}/text`, value.verbatim === true);
    case "broadcast":
      return [{ kind: "broadcast", range: String(value.range), at }];
    case "user":
      return [{ kind: "user", id: String(value.user_id), at }];
    case "channel":
      return [{ kind: "channel", id: String(value.channel_id), at }];
    case "usergroup":
      return [{ kind: "usergroup", id: String(value.usergroup_id), at }];
    case "link":
      return [link(String(value.url), value.text, at)];
    case "date":
      return value.url ? [link(String(value.url), undefined, at)] : [];
    case "button":
      return value.url
        ? [link(String(value.url), isObject(value.text) ? value.text.text : undefined, at)]
        : [];
    default:
      return [];
  }
}

function link(url: string, label: unknown, at: string): Mention {
  return { kind: "link", url, at, ...(typeof label === "string" ? { label } : {}) };
}

const control = /<([^<>\n]+)>/g;
const plainUrl = /\bhttps?:\/\/[^\s<>|]+/g;

/** Control sequences of mrkdwn, and addresses that Slack links by itself (not with `verbatim`). */
function mentionsInMrkdwn(text: string, at: string, verbatim = false): Mention[] {
  const sequences = [...text.matchAll(control)].flatMap((match) => readSequence(match[1]!, at));
  const rest = verbatim ? "" : text.replace(control, " ");
  const plain = [...rest.matchAll(plainUrl)].map((match) => link(withoutEntities(match[0]), undefined, at));
  return [...sequences, ...plain];
}

function readSequence(inside: string, at: string): Mention[] {
  const [target = "", label] = inside.split("|");
  const group = /^!subteam\^(\w+)/.exec(target)?.[1];
  if (group) return [{ kind: "usergroup", id: group, at }];
  if (target.startsWith("!date^")) {
    const url = target.split("^")[3];
    return url ? [link(withoutEntities(url), undefined, at)] : [];
  }
  if (target.startsWith("!")) return [{ kind: "broadcast", range: target.slice(1), at }];
  if (/^@[UW]\w+$/.test(target)) return [{ kind: "user", id: target.slice(1), at }];
  if (/^#[CG]\w+$/.test(target)) return [{ kind: "channel", id: target.slice(1), at }];
  if (/^(https?|mailto|slack|tel):/i.test(target))
    return [link(withoutEntities(target), label && withoutEntities(label), at)];
  return [];
}
