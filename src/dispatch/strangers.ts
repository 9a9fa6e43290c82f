import type { Ports } from "../definitions/ports.ts";
import { sentences } from "../locales/sentences.ts";
import { refusalMessage } from "./answer-errors.ts";
import type { Incoming } from "./incoming.ts";

const say = sentences({
  en: {
    true: "People from another organization can't use Breakwater, not even in shared channels.",
    unknown: "Couldn't look up your organization in Slack. Try again in a minute.",
  },
  ja: {
    true: "共有チャンネルであっても、社外の方にはお答えできません。",
    unknown:
      "所属する組織を Slack に確認できなかったため、実行しませんでした。少し待ってから再実行してください。",
  },
});

/**
 * Refuses people of another organisation before anything is read of their line: even its mistakes are not for them. As
 * with guests, whom the settings name is let in.
 * @returns whether the person was refused
 */
export async function refusesStranger(
  ports: Ports,
  { caller, reply, source, line }: Incoming,
): Promise<boolean> {
  const { stranger, person, channel, language } = caller;
  if (!stranger || (await ports.rights.named(person))) return false;
  const why = { en: say("en")(`${stranger}`), ja: say("ja")(`${stranger}`) };
  const entry = {
    at: ports.clock.now(),
    person,
    channel,
    source,
    line,
    command: "unknown",
    action: "read",
    outcome: "refused" as const,
    detail: why.en,
  };
  await ports.store.audit.append(entry).catch((error: unknown) => {
    ports.log.error({ err: error, entry }, "the audit log could not be written");
  });
  await reply.answer(refusalMessage(why, language), { private: true });
  return true;
}
