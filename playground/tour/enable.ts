import type { Message } from "../slack/message.ts";
import { approve, press } from "./simulations.ts";
import { channels, type Guide, people, type Step, stepMs } from "./tour.ts";

const scope = "cluster:aks-demo";

/** A gap that status names, closed from Slack with approval, and proven by the cluster itself. */
export const enableSteps: Step[] = [
  {
    title: "A gap: what keeps Defender from working in aks-demo?",
    async run({ type, check, world, showView }) {
      const answer = await type(people.sam, channels.security, `status ${scope}`);
      await world.slack.click({ user: people.sam, message: answer, text: "Show fixes" });
      const fixes = () => JSON.stringify(world.slack.openView(people.sam) ?? "");
      await world.slack.until(() => /Request to turn on/.test(fixes()), stepMs);
      showView("Sam presses [ Show fixes ]:", people.sam);
      check(/Azure Policy add-on/.test(fixes()), "the add-on that is off is among the causes");
    },
  },
  {
    title:
      "Closed from Slack: every setting before and after, another person approves, and the pods prove it",
    async run(guide) {
      const { type, check, show, world } = guide;
      await type(people.sam, channels.security, `enable ${scope} --reason "Gap named by status"`);
      const asked = await latest(guide, /^Enable requested/);
      show("#security, for everybody:", asked);
      await press(guide, people.olivia, asked, approve);
      const done = await latest(guide, /^On and working: .*aks-demo/);
      show("The same message, when the pods are there:", done);
      check(done.ts === asked.ts, "one message from the request to the evidence");
      check(/disable-addons/.test(JSON.stringify(done.blocks)), "it says how to undo it");
      const writes = world.azure.requests.filter(
        ({ method, path, status }) =>
          method === "PUT" && status < 300 && path.endsWith("/managedClusters/aks-demo"),
      );
      check(writes.length === 1, "the cluster was changed once");
    },
  },
  {
    title: "Proven: status sees the pods, and there's nothing left to turn on",
    async run({ type, check }) {
      const answer = await type(people.sam, channels.security, `status ${scope}`);
      check(/azure-policy/.test(JSON.stringify(answer.blocks)), "the add-on's pods are listed as ready");
      const again = await type(people.sam, channels.security, `enable ${scope} policy-addon`);
      check(/^Nothing to turn on/.test(again.text), "what is on is never written");
    },
  },
  {
    title: "A value that recommendations compare with: which ports services may use",
    async run(guide) {
      const { type, check, show } = guide;
      const line = 'enable "sub:Contoso Production" allowed-ports';
      const answer = await type(people.sam, channels.security, line);
      check(/Allowed service ports in Contoso Production: 443/.test(answer.text), "the value in force");
      await type(people.sam, channels.security, `${line} --value 80,443 --reason "Ports of the shop"`);
      const asked = await latest(guide, /^Change requested: Allowed service ports/);
      show("#security, for everybody:", asked);
      await press(guide, people.olivia, asked, approve);
      const done = await latest(guide, /^Changed: Allowed service ports [^·]*$/);
      check(done.ts === asked.ts, "one message from the request to the evidence");
      check(/properties\.parameters/.test(JSON.stringify(done.blocks)), "it says how to undo it");
    },
  },
];

function latest({ world }: Guide, words: RegExp): Promise<Message> {
  return world.slack.until(
    () => world.slack.messages(channels.security).findLast(({ text }) => words.test(text)),
    3 * stepMs,
  );
}
