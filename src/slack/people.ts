import { UpstreamError } from "../errors.ts";
import { type Language, languageOf } from "../locales/language.ts";
import type { Log } from "../ports/process.ts";
import type { Chat } from "../ports/slack.ts";

/** How to speak to a person, and who they are. Rights look the person up themselves. */
export type Acquaintance = {
  language: Language;
  timezone?: string;
  name?: string;
  /** `Person.identity`; unknown where the look-up failed. */
  identity?: string;
  stranger?: true;
};

const keptMs = 5 * 60_000;
const mostKept = 2_000;

export type People = {
  /** The person's Slack language, else the default; never throws. */
  meet(id: string): Promise<Acquaintance>;
  /** Names of those of these people whom Slack knows, for `CompileOptions.names`. */
  names(ids: Iterable<string>): Promise<Map<string, string>>;
  /** The person's identity; throws where Slack does not say. An id that Slack does not know is its own. */
  identityOf(id: string): Promise<string>;
};

/** The one cache of people: each is looked up through `users.info` at most once in five minutes. */
export function people(
  chat: Pick<Chat, "person">,
  log: Log,
  fallback: Language,
  now: () => number = Date.now,
): People {
  const known = new Map<string, { at: number; looked: Promise<Acquaintance> }>();
  const look = async (id: string): Promise<Acquaintance> => {
    try {
      const { locale, timezone, name, identity, stranger } = await chat.person(id);
      return {
        language: languageOf(locale, fallback),
        timezone,
        name,
        identity,
        ...(stranger && { stranger }),
      };
    } catch (error) {
      known.delete(id);
      throw error;
    }
  };
  const recall = (id: string): Promise<Acquaintance> => {
    const before = known.get(id);
    if (before && now() - before.at < keptMs) return before.looked;
    const oldest = known.keys().next().value;
    if (known.size >= mostKept && oldest !== undefined) known.delete(oldest);
    // The newest is last, so that the first is the oldest.
    known.delete(id);
    const looked = look(id);
    known.set(id, { at: now(), looked });
    return looked;
  };
  const meet = (id: string): Promise<Acquaintance> =>
    recall(id).catch((error: unknown) => {
      log.warn({ error }, "a person could not be looked up");
      return { language: fallback };
    });
  return {
    meet,
    async identityOf(id) {
      try {
        return (await recall(id)).identity ?? id;
      } catch (error) {
        if (error instanceof UpstreamError && error.code === "user_not_found") return id;
        throw error;
      }
    },
    async names(ids) {
      const pairs = await Promise.all([...ids].map(async (id) => [id, (await meet(id)).name] as const));
      return new Map(pairs.flatMap(([id, name]) => (name ? [[id, name] as const] : [])));
    },
  };
}
