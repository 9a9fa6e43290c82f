import type { RedisConnection } from "../../redis/connection.ts";
import { type Place, type Quarantine, quarantine } from "./quarantine.ts";
import { type Parsed, parseStored, type ValueFormat } from "./stored-value.ts";

/** Reads stored values: what cannot be read is moved to quarantine, what is newer stays, and both count as not there. */
export type Values = {
  /** A text read from a key of its own, or from another place. */
  text<T>(format: ValueFormat<T>, text: unknown, place: string | Place): Promise<T | undefined>;
  /** One field of a hash. */
  field<T>(format: ValueFormat<T>, key: string, field: string, text: unknown): Promise<T | undefined>;
  /** All fields of a hash that can be read. */
  fields<T>(format: ValueFormat<T>, key: string, hash: Record<string, string>): Promise<Map<string, T>>;
  /** Texts of several keys, in their order. */
  texts<T>(
    format: ValueFormat<T>,
    keys: readonly string[],
    texts: readonly (string | null)[],
  ): Promise<(T | undefined)[]>;
  /** Whether a text is of a newer version, which must not be written over. */
  isNewer(format: ValueFormat<unknown>, text: unknown): boolean;
  /** Moves what turned out to be damaged after it was read, for example a packed value. */
  move: Quarantine["move"];
  note: Quarantine["note"];
  moveWrongTypes: Quarantine["moveWrongTypes"];
  /** The same port, whose calls are made again where a key had a wrong type, after that key was moved. */
  overTypes<Port extends object>(port: Port): Port;
};

/** A Redis that is full, or cannot be reached, must not make one bad value stop the others. */
type Failed = (error: unknown) => void;

export function valuesIn(
  redis: RedisConnection,
  prefix: string,
  failed: Failed,
  cli: string,
): Values & Pick<Quarantine, "list"> {
  const apart = quarantine(redis, prefix, cli);
  const { move, note, list, moveWrongTypes } = apart;

  async function settle<T>(format: ValueFormat<T>, text: string, place: Place, parsed: Parsed<T>) {
    if ("value" in parsed) return parsed.value;
    const { kind } = format;
    const done =
      "newer" in parsed ? note(place, parsed.newer, kind) : move(place, text, kind, parsed.damaged);
    await done.catch(failed);
    return undefined;
  }

  const values: Values = {
    move: (...all) => move(...all).catch(failed),
    note: (...all) => note(...all).catch(failed),
    moveWrongTypes,

    async text(format, text, at) {
      if (typeof text !== "string") return undefined;
      const place: Place = typeof at === "string" ? { key: at, how: "key" } : at;
      return settle(format, text, place, parseStored(format, text));
    },

    field: (format, key, field, text) => values.text(format, text, { key, how: "field", field }),

    async fields<T>(format: ValueFormat<T>, key: string, hash: Record<string, string>) {
      const parsedFields = new Map<string, T>();
      for (const field in hash) {
        const text = hash[field]!;
        const parsed = parseStored(format, text);
        if ("value" in parsed) parsedFields.set(field, parsed.value);
        else await settle(format, text, { key, how: "field", field }, parsed);
      }
      return parsedFields;
    },

    async texts(format, keys, texts) {
      // MGET answers nothing where a key has another type, as where it is not there.
      const absent = keys.filter((_, index) => texts[index] === null);
      if (absent.length > 0 && (await anyOfWrongType(absent))) await moveWrongTypes();
      return Promise.all(keys.map((key, index) => values.text(format, texts[index], key)));
    },

    isNewer: (format, text) => typeof text === "string" && "newer" in parseStored(format, text),

    overTypes(port) {
      const entries = Object.entries(port).map(([name, call]) => [
        name,
        typeof call !== "function" ? call : (...args: unknown[]) => retried(() => call(...args) as unknown),
      ]);
      return Object.fromEntries(entries) as typeof port;
    },
  };

  async function anyOfWrongType(keys: readonly string[]): Promise<boolean> {
    const pipeline = redis.pipeline();
    for (const key of keys) pipeline.type(key);
    const types = (await pipeline.exec()) ?? [];
    return types.some(([, type]) => type !== "none" && type !== "string");
  }

  async function retried(call: () => unknown): Promise<unknown> {
    try {
      return await call();
    } catch (error) {
      const wrongType = error instanceof Error && error.message.includes("WRONGTYPE");
      if (!wrongType) throw error;
      // Another call may have moved them: again even where this one has none left to move.
      await moveWrongTypes();
      return call();
    }
  }

  return { ...values, list };
}
