/**
 * A state in a hash that is written as a whole by comparing its mark: of several processes exactly one goes on from what it
 * read.
 */
import { randomUUID } from "node:crypto";
import type { Loaded, WatchedStatePort } from "../../ports/watches/watched-state.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { checked } from "../values/key-types.ts";
import type { Values } from "../values/read.ts";
import type { ValueFormat } from "../values/stored-value.ts";

type Texts = Record<string, string>;

/** How a state lies in a hash: its head in one field, and the rest in others. */
type StateForm<State, Head> = {
  head: ValueFormat<Head>;
  /** The state, of its head and the values of the other fields. */
  open(head: Head, fields: FieldsReader): Promise<State>;
  /** All fields as they are stored, `head` among them. */
  textsOf(state: State): Texts;
};
/** Reads the fields that begin with a prefix, each by what follows it. */
type FieldsReader = <T>(format: ValueFormat<T>, prefix: string) => Promise<Record<string, T>>;

// Sent twice because an answer was lost, it finds its own mark.
const saveScript = `
local mark = redis.call('HGET', KEYS[1], 'mark') or ''
if mark == ARGV[2] then return 1 end
if mark ~= ARGV[1] then return 0 end
local fields = tonumber(ARGV[3])
for i = 4, 3 + 2 * fields, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
for i = 4 + 2 * fields, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
redis.call('HSET', KEYS[1], 'mark', ARGV[2])
return 1`;

export function watchedState<State, Head>(
  redis: RedisConnection,
  prefix: string,
  key: string,
  values: Values,
  { head: headFormat, open, textsOf }: StateForm<State, Head>,
): WatchedStatePort<State> {
  const script = checked(saveScript, [key], prefix);
  return {
    async load(): Promise<Loaded<State>> {
      const { mark = "", ...texts } = await redis.hgetall(key);
      const head = await values.field(headFormat, key, "head", texts.head);
      if (!head) return { mark, texts, ...(values.isNewer(headFormat, texts.head) && { newer: true }) };
      const fields: FieldsReader = async (format, start) => {
        const own = Object.entries(texts).filter(([field]) => field.startsWith(start));
        const read = await values.fields(format, key, Object.fromEntries(own));
        return Object.fromEntries([...read].map(([field, value]) => [field.slice(start.length), value]));
      };
      return { mark, texts, state: await open(head, fields) };
    },

    async save(before, state) {
      if (before.newer) return undefined;
      const texts = state ? textsOf(state) : {};
      const changed = Object.entries(texts).filter(([field, text]) => before.texts[field] !== text);
      const gone = Object.keys(before.texts).filter((field) => !(field in texts));
      const mark = randomUUID();
      const all = [before.mark, mark, String(changed.length), ...changed.flat(), ...gone];
      if ((await redis.eval(script, 1, key, ...all)) !== 1) return undefined;
      return { mark, texts, ...(state && { state }) };
    },
  };
}

export const versioned = (value: object) => JSON.stringify({ v: 1, ...value });

/** The texts of several values, each in a field of its own. */
export function fieldsOf<T>(prefix: string, all: Record<string, T>, text: (value: T) => string): Texts {
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`${prefix}${name}`, text(value)]));
}
