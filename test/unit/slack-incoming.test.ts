import { describe, expect, it } from "vitest";
import { fromButton, fromMention, fromShortcut, fromSubmission } from "../../src/slack/edge/incoming.ts";

const [home, organisation, elsewhere] = ["T0HOME00001", "E0HOME00001", "T0ELSEWHERE"];
/** What a payload says of who did it, and of the place in which it was done: a channel of ours. */
const about = (team_id?: string) => ({
  user: { id: "U0CLARA0001", ...(team_id && { team_id }) },
  team: { id: home, domain: "home" },
  enterprise: { id: organisation, name: "home" },
});
const mention = (event: object, more: object = {}) =>
  fromMention({
    event_id: "Ev1",
    team_id: home,
    enterprise_id: organisation,
    ...more,
    event: { user: "U0CLARA0001", text: "status", ts: "1.1", channel: "C1", ...event },
  } as never);

const view = { id: "V1", hash: "h", private_metadata: JSON.stringify({ line: "alerts", channel: "C1" }) };
/** Each way in, by somebody of that workspace; without one, Slack does not say. */
const sources: Record<string, (team?: string) => { teams: string[] } | undefined> = {
  "a button": (team) =>
    fromButton({ ...about(team), actions: [{ type: "button", value: "alerts" }] } as never),
  "a form": (team) => fromSubmission({ ...about(team), view } as never),
  "a shortcut": (team) => fromShortcut({ ...about(team), type: "shortcut", callback_id: "alerts" } as never),
  "a mention": (team) => mention({ ...(team && { user_team: team }) }, { is_ext_shared_channel: true }),
};

describe.each(Object.entries(sources))("the workspace of a person, as %s tells it,", (_, from) => {
  it("is their own, and never that of the place", () => {
    expect(from(elsewhere)?.teams).toEqual([elsewhere]);
  });

  it("is unknown where the payload names only the place", () => {
    expect(from()?.teams).toEqual([]);
  });

  it("comes with its organisation where it is that of the place", () => {
    expect(from(home)?.teams).toEqual([home, organisation]);
  });
});

it("a mention in a channel that is not shared is by somebody of the workspace", () => {
  expect(mention({}, { is_ext_shared_channel: false })?.teams).toEqual([home, organisation]);
  expect(mention({})?.teams).toEqual([]);
});
