import { type Language, languageOf } from "../locales/language.ts";
import type { Chat, Log } from "../ports.ts";

/** How to speak to a person, and by what name others know them. Never used for rights. */
export type Acquaintance = { language: Language; timezone?: string; name?: string; stranger?: true };

const keptMs = 5 * 60_000;
const mostKept = 2_000;

export type People = {
  /** The person's Slack language, else the default; never throws. */
  meet(id: string): Promise<Acquaintance>;
  /** Names of those of these people whom Slack knows, for `CompileOptions.names`. */
  names(ids: Iterable<string>): Promise<Map<string, string>>;
};

/** Looks people up through `users.info`, at most once in five minutes each. */
export function people(
  chat: Pick<Chat, "person">,
  log: Log,
  fallback: Language,
  now: () => number = Date.now,
): People {
  const known = new Map<string, { at: number; looked: Promise<Acquaintance> }>();
  const look = async (id: string): Promise<Acquaintance> => {
    try {
      const { locale, timezone, name, stranger } = await chat.person(id);
      return { language: languageOf(locale, fallback), timezone, name, ...(stranger && { stranger }) };
    } catch (error) {
      log.warn({ error }, "a person's language could not be looked up");
      known.delete(id);
      return { language: fallback };
    }
  };
  const meet = (id: string): Promise<Acquaintance> => {
    const before = known.get(id);
    if (before && now() - before.at < keptMs) return before.looked;
    const oldest = known.keys().next().value;
    if (known.size >= mostKept && oldest !== undefined) known.delete(oldest);
    // The newest stands last, so that the first is the oldest.
    known.delete(id);
    const looked = look(id);
    known.set(id, { at: now(), looked });
    return looked;
  };
  return {
    meet,
    async names(ids) {
      const found = await Promise.all([...ids].map(async (id) => [id, (await meet(id)).name] as const));
      return new Map(found.flatMap(([id, name]) => (name ? [[id, name] as const] : [])));
    },
  };
}
