import type { Target } from "../slack/people/element.ts";
import { channels, isWorking, people, type Step, stepMs } from "./tour.ts";

/** What people ask. */
export const commandSteps: Step[] = [
  {
    title: "What can it do?",
    async run({ type, check }) {
      const answer = await type(people.olivia, channels.security, "help");
      check(answer.ephemeralTo === people.olivia, "only the asker sees the answer");
    },
  },
  {
    title: "Are we covered?",
    async run({ type, check, showView, world }) {
      const { slack, azure } = world;
      const answer = await type(people.olivia, channels.security, "status");
      const text = JSON.stringify(answer);
      const missing = azure.estate.clusters.filter(({ name }) => !text.includes(name));
      check(missing.length === 0, "every cluster of the estate is in the answer");
      const button = firstButton(answer.blocks, /^status-details features/);
      check(button !== undefined, "every feature with its evidence is one press away");
      if (!button) return;
      await slack.click({ user: people.olivia, message: answer, ...button });
      const view = await slack.until(() => {
        const open = slack.openView(people.olivia);
        return open && JSON.stringify(open.blocks).length > 600 ? open : undefined;
      }, stepMs);
      showView("By feature:", people.olivia);
      await slack.closeView({ user: people.olivia, view });
    },
  },
  {
    title: "Share the answer with the channel",
    async run({ type, check, show, world }) {
      const { slack } = world;
      const answer = await type(people.olivia, channels.security, "status cluster:aks-juchu");
      const before = slack.messages(channels.security).length;
      await slack.click({ user: people.olivia, message: answer, text: "Share to channel" });
      const shared = await slack.until(() => slack.messages(channels.security)[before], stepMs);
      show("#security, for everybody:", shared);
      check(!shared.ephemeralTo, "everybody in the channel sees it now");
    },
  },
  {
    title: "What should we fix?",
    async run({ type, check, show, world }) {
      const answer = await type(people.olivia, channels.security, "recommendations --severity high");
      const drill = /recommendation /.test(JSON.stringify(answer.blocks));
      check(drill, "a menu leads down to the affected resources");
      check(
        /Secure score.*\+\d/s.test(JSON.stringify(answer.blocks)),
        "and what each adds to the secure score",
      );
      const button = firstButton(answer.blocks, /^recommendation /);
      if (!button) return check(false, "one of them can be opened");
      const pressed = await world.slack.click({ user: people.olivia, message: answer, ...button });
      show(
        "After a press on the first one:",
        await world.slack.until(() => pressed.answers().findLast((one) => !isWorking(one)), stepMs),
      );
    },
  },
  {
    title: "Which clusters can everyone on the internet reach?",
    async run({ type, check }) {
      const answer = await type(people.olivia, channels.security, "hunt api-server-open");
      const text = JSON.stringify(answer);
      check(text.includes("aks-demo"), "a cluster with a public API server is listed");
      check(!text.includes("aks-prod-payments"), "a private cluster isn't");
    },
  },
  {
    title: "Do we comply with the standards?",
    async run({ type, check, show, world }) {
      const { slack } = world;
      const answer = await type(people.olivia, channels.security, "compliance");
      const text = JSON.stringify(answer);
      check(text.includes("CIS Azure Kubernetes Service"), "CIS AKS comes first");
      check(/isn't assigned in \d subscriptions with clusters/.test(text), "and where it isn't assigned");
      let from = answer;
      for (const [level, line] of [
        ["its controls", /--standard/],
        ["the assessments of one of them", /--control/],
        ["the resources that fail one", /--assessment/],
      ] as const) {
        const target = firstButton(from.blocks, line);
        if (!target) return check(false, `a menu leads to ${level}`);
        const pressed = await slack.click({ user: people.olivia, message: from, ...target });
        from = await slack.until(() => pressed.answers().findLast((one) => !isWorking(one)), stepMs);
        show(`Chosen from the menu, ${level}:`, from);
      }
      check(/resources? failed/.test(from.text), "down to the resources that fail");
    },
  },
  {
    title: "Which alerts are there? Details in a modal",
    async run({ type, check, showView, world }) {
      const answer = await type(people.olivia, channels.security, "alerts --since 28d --state all");
      const button = firstButton(answer.blocks, /^alert /);
      check(button !== undefined, "the details of an alert can be opened");
      if (!button) return check(false, "one of them can be opened");
      await world.slack.click({ user: people.olivia, message: answer, ...button });
      await world.slack.until(() => {
        const view = world.slack.openView(people.olivia);
        return view && JSON.stringify(view.blocks).length > 600 ? view : undefined;
      }, stepMs);
      showView("The details:", people.olivia);
      const view = world.slack.openView(people.olivia);
      if (view) await world.slack.closeView({ user: people.olivia, view });
    },
  },
  {
    title: "What does this alert type mean, can it occur here, and how do we simulate it?",
    async run({ type, check }) {
      const answer = await type(people.olivia, channels.security, "help K8S.NODE_ImdsCall");
      const text = JSON.stringify(answer);
      check(/simulate lateral-movement/.test(text), "the simulation that provokes it is named");
      check(/T1552\.005/.test(text), "and the technique of MITRE ATT&CK");
      const advice = await type(
        people.olivia,
        channels.security,
        "help Privileged containers should be avoided",
      );
      check(
        /simulate misconfigured-workload/.test(JSON.stringify(advice)),
        "a recommendation is explained too",
      );
    },
  },
  {
    title: "日本語で、スレッドの中で (a mention in a thread, by a person whose Slack is Japanese)",
    async run({ world, check, show }) {
      const { slack } = world;
      const parent = slack.say({ user: people.akira, channel: channels.japan, text: "今週の状況は？" });
      const bot = slack.state.bot.user_id;
      await slack.mention({
        user: people.akira,
        channel: channels.japan,
        thread_ts: parent.ts,
        text: `<@${bot}> recommendations --type control-plane`,
      });
      const answer = await slack.until(
        () => slack.thread(parent).findLast((one) => one.bot_id && !isWorking(one)),
        stepMs,
      );
      show("スレッドの回答:", answer);
      check(/[ぁ-んァ-ヶ]/.test(answer.text), "the answer is in Japanese");
      check(answer.thread_ts === parent.ts, "the answer is in that thread");
    },
  },
  {
    title: "A slip of the finger",
    async run({ type, check }) {
      const answer = await type(people.olivia, channels.security, "recomendations");
      check(answer.text.includes("recommendations"), "a suggestion is made");
    },
  },
  {
    title: "Who am I, and what may I do?",
    async run({ type, check }) {
      const olivia = await type(people.olivia, channels.security, "whoami");
      const guest = await type(people.guest, channels.security, "whoami");
      check(olivia.text !== guest.text, "an operator and a guest get different answers");
    },
  },
];

/** What to press for the first button or menu option whose command line matches. */
export function firstButton(blocks: readonly unknown[] | undefined, line: RegExp): Target | undefined {
  const seek = (value: unknown): Target | undefined => {
    if (typeof value !== "object" || value === null) return undefined;
    const one = value as Record<string, unknown>;
    const id = String(one.action_id);
    if (one.type === "button" && typeof one.value === "string" && line.test(one.value))
      return { action_id: id };
    for (const option of Array.isArray(one.options) ? one.options : []) {
      // The beginning that long lines share is in the menu's own id.
      const whole = String(option.value).replace(/^\+/, id.slice(id.indexOf(":") + 1));
      if (line.test(whole)) return { text: String(option.text?.text) };
    }
    for (const child of Object.values(one)) {
      const target = seek(child);
      if (target) return target;
    }
    return undefined;
  };
  return seek(blocks ?? []);
}
