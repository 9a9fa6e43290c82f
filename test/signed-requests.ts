import { createHmac } from "node:crypto";
import { olivia, type SlackBot } from "./slack-bot.ts";

export const json = "application/json";
export const form = "application/x-www-form-urlencoded";

/** Requests as Slack signs them, with whatever in them: what the stand-in would not send by itself. */
export function signedRequests(bot: () => SlackBot) {
  const send = async (body: string, type: string): Promise<[status: number, body: string]> => {
    const time = String(Math.floor(Date.now() / 1000));
    const { SLACK_SIGNING_SECRET: secret = "" } = bot().slack.env;
    const signature = createHmac("sha256", secret).update(`v0:${time}:${body}`).digest("hex");
    const headers = {
      "content-type": type,
      "x-slack-request-timestamp": time,
      "x-slack-signature": `v0=${signature}`,
    };
    const url = `http://127.0.0.1:${bot().app.port()}/slack/events`;
    const response = await fetch(url, { method: "POST", body, headers });
    return [response.status, await response.text()];
  };
  return {
    send,
    payload: (value: object) =>
      send(
        new URLSearchParams({ payload: JSON.stringify({ user: { id: olivia }, ...value }) }).toString(),
        form,
      ),
    event: (value: object) => send(JSON.stringify({ type: "event_callback", ...value }), json),
    command(value: Record<string, string>) {
      const asked = { command: "/defender", user_id: olivia, channel_id: "C0SECURITY1", ...value };
      return send(new URLSearchParams(asked).toString(), form);
    },
  };
}
