import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { MenuOption } from "../../src/message/message.ts";
import { chosenLine, menuElement } from "../../src/slack/render/menu.ts";
import { packLine, unpackLine } from "../../src/slack/render/packed-line.ts";
import { anyText } from "../any-text.ts";
import { olivia, type SlackBot, startBot, until } from "../slack-bot.ts";

const resource = `/subscriptions/${"0".repeat(36)}/resourceGroups/${"r".repeat(60)}/providers/Microsoft.Security/locations/japaneast/alerts/2518_${"a".repeat(36)}`;
const options: MenuOption[] = [
  { label: "Resolve…", line: `triage ${resource} resolve` },
  { label: "Dismiss…", line: `triage ${resource} dismiss` },
  { label: "Mute", line: "mute K8S.NODE_ImdsCall --scope cluster:aks-demo --for 4h" },
  { label: "Open in portal", url: "https://portal.azure.com/#alert" },
];

let bot: SlackBot | undefined;
afterEach(async () => {
  await bot?.stop();
  bot = undefined;
});

describe("a menu", () => {
  it("types the whole line of each option, however long the Azure resource in it is", async () => {
    bot = await startBot(({ reply, line }) =>
      reply.answer({
        headline: line === "alerts" ? "One alert" : "done",
        parts: line === "alerts" ? [{ actions: [{ label: "More", menu: "overflow", options }] }] : [],
      }),
    );
    const asked = await bot.slack.command({ user: olivia, channel: "security", text: "alerts" });
    const message = await bot.slack.until(() => asked.answers()[0]);
    for (const [index, option] of options.entries()) {
      if (!("line" in option)) continue;
      await bot.slack.click({ user: olivia, message, text: option.label });
      await until(() => bot!.incoming.length === index + 2);
      expect(bot.incoming.at(-1)).toMatchObject({ line: option.line, source: "button" });
    }
    await bot.slack.click({ user: olivia, message, text: "Open in portal" });
    await bot.slack.command({ user: olivia, channel: "security", text: "help" });
    await until(() => bot!.incoming.length === 5);
    expect(bot.incoming.at(-1)).toMatchObject({ line: "help" });
  });

  it("gives every line back, or leaves it to a button, within Slack's limits", () => {
    const line = fc.oneof(
      fc.stringMatching(/^[a-z]{1,8}( [a-z:/-]{1,60}){0,6}$/),
      fc.string({ minLength: 1, maxLength: 20 }).map((end) => `triage ${resource} x${end}y`),
    );
    const menu = fc.record({
      label: fc.string(),
      menu: fc.constantFrom("overflow" as const, "select" as const),
      options: fc.array(fc.record({ label: fc.string(), line }), { maxLength: 120 }),
    });
    fc.assert(
      fc.property(menu, fc.nat(99), (given, index) => {
        const { element, left, dropped } = menuElement(given, index);
        const carried = element?.options ?? [];
        expect(carried.length + left.length + dropped).toBe(given.options.length);
        if (given.menu === "overflow") expect(dropped).toBe(0);
        expect(JSON.stringify(carried).length).toBeLessThan(10_000);
        expect(carried.length).toBeLessThanOrEqual(given.menu === "overflow" ? 5 : 100);
        expect(element?.action_id?.length ?? 0).toBeLessThanOrEqual(255);
        for (const { value, text } of carried) {
          expect(value?.length).toBeLessThanOrEqual(150);
          expect(text.text.length).toBeLessThanOrEqual(75);
        }
        const given_ = given.options.map((one) => one.line.toWellFormed().trim());
        const lines = carried.map(({ value }) => chosenLine(element!.action_id!, value!));
        const rest = left.map((one) => ("line" in one ? one.line.toWellFormed().trim() : ""));
        // What a list has no room for are its last options.
        const listed = dropped > 0 ? given_.slice(0, -dropped) : given_;
        expect([...lines, ...rest].toSorted()).toEqual(listed.toSorted());
      }),
    );
  });

  it("carries resources of several subscriptions: alerts of all of them are in one list", () => {
    const alerts = ["1", "2", "3"].map((digit) => ({
      label: `Alert ${digit}`,
      line: `alert /subscriptions/${digit.repeat(8)}-aaaa-4aaa-8aaa-aaaaaaaaaaaa/resourceGroups/rg-${digit}-production-westeurope/providers/Microsoft.Security/locations/westeurope/alerts/2518000752151998649_a971d626-c350-4969-a3a0-301480e67e2${digit}`,
    }));
    const { element, left } = menuElement({ label: "Show", menu: "select", options: alerts }, 0);
    expect(left).toEqual([]);
    expect(element?.options?.map(({ value }) => chosenLine(element.action_id!, value!))).toEqual(
      alerts.map(({ line }) => line),
    );
  });

  it("of a message from before lines were packed still types its line", () => {
    expect(chosenLine("menu-0:triage /subscriptions/1/alerts/2 ", "+resolve")).toBe(
      "triage /subscriptions/1/alerts/2 resolve",
    );
  });

  it("gives back any line that it packs", () => {
    const piece = fc.constantFrom(
      ...["~", "~0", "~g", "/subscriptions/", "/alerts/", "a971d626-c350-4969-a3a0-301480e67e2a", "A971D626"],
    );
    const line = fc.array(fc.oneof(piece, anyText())).map((parts) => parts.join(""));
    fc.assert(
      fc.property(line, (one) => {
        expect(unpackLine(packLine(one))).toBe(one);
      }),
    );
  });

  it("of one option is a button", () => {
    const only = [options[0]!];
    expect(menuElement({ label: "More", menu: "overflow", options: only }, 0)).toEqual({
      left: only,
      dropped: 0,
    });
  });
});
