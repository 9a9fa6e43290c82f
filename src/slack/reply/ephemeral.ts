import { UpstreamError } from "../../errors.ts";
import { isDirectMessage } from "../../text/direct-message.ts";
import { bodyArgs } from "../delivery/posting.ts";
import { isFormRefusal } from "../delivery/refusals.ts";
import { sendTo } from "../delivery/upload.ts";
import type { Compiled } from "../render/compile.ts";
import type { ReplyDeps, ReplyPlace } from "./place.ts";
import { postOnce } from "./post.ts";
import { patiently } from "./retry-wait.ts";

/** Source: docs.slack.dev "Handling user interaction": five uses within thirty minutes. A minute is kept in hand. */
const mostUses = 5;
const lifeMs = 29 * 60_000;

export type EphemeralReply = {
  /** Shows something to the asker alone. `replace`: in place of what was shown last, where Slack allows it. */
  say(body: Compiled, options?: { replace?: boolean }): Promise<void>;
  /** Shows something to all through the response_url: works where the bot is no member. False where it cannot. */
  announce(body: Compiled): Promise<boolean>;
  /** Channel of the asker's direct conversation. */
  direct(): Promise<string>;
};

/**
 * What only the asker sees: through the response_url while it lives, else `chat.postEphemeral`, and where the bot may
 * not speak in the channel, as a direct message. In a direct conversation it is one anyway: there someone who looks at
 * another channel would never see what is ephemeral [docs.slack.dev "chat.postEphemeral": delivery isn't guaranteed].
 */
export function ephemeralReply(
  place: ReplyPlace,
  deps: ReplyDeps,
  clock: () => number = Date.now,
): EphemeralReply {
  const started = clock();
  let uses = 0;
  let conversation: Promise<string> | undefined;
  const direct = () => {
    conversation ??= patiently(() =>
      deps.call<{ channel: { id: string } }>("conversations.open", { users: place.person }),
    ).then(({ channel }) => channel.id);
    return conversation;
  };
  const write = async (body: Compiled) => {
    await postOnce({ channel: await direct() }, deps, body);
  };
  const respond = async (body: Compiled, options: Record<string, unknown>): Promise<boolean> => {
    if (!place.responseUrl || uses >= mostUses || clock() - started > lifeMs) return false;
    const payload = JSON.stringify({ ...bodyArgs(body), ...options });
    const headers = { "content-type": "application/json; charset=utf-8" };
    try {
      await patiently(() =>
        sendTo("response_url", place.responseUrl!, { body: payload, headers }, deps.metrics),
      );
      uses += 1;
      return true;
    } catch (error) {
      if (isForm(error, body)) throw error;
      deps.log.warn({ error }, "a response_url did not take an answer");
      uses = mostUses;
      return false;
    }
  };
  return {
    direct,
    async say(body, { replace = false } = {}) {
      if (await respond(body, { response_type: "ephemeral", replace_original: replace })) return;
      if (isDirectMessage(place.channel)) return write(body);
      const thread = place.thread && { thread_ts: place.thread };
      try {
        await patiently(() =>
          deps.call("chat.postEphemeral", {
            channel: place.channel,
            user: place.person,
            ...thread,
            ...bodyArgs(body),
          }),
        );
      } catch (error) {
        if (isForm(error, body) || !(error instanceof UpstreamError) || error.retryable) throw error;
        await write(body);
      }
    },
    announce: (body) => respond(body, { response_type: "in_channel", replace_original: false }),
  };
}

/** A refusal that another form of the same message may escape: text without blocks has none. */
function isForm(error: unknown, { blocks }: Compiled): boolean {
  return isFormRefusal(error) && blocks.length > 0;
}
