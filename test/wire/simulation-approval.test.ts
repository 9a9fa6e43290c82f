import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kinds } from "../../playground/kubernetes/kinds.ts";
import type { Message } from "../../playground/slack/message.ts";
import type { View } from "../../playground/slack/state.ts";
import { startWorld, type World } from "../../playground/world.ts";
import { inChannel, shown } from "../in-channel.ts";

const [olivia, akira, sam, guest] = ["U0OLIVIA001", "U0AKIRA0001", "U0SAM000001", "U0GUEST0001"] as const;
const [security, japan] = ["C0SECURITY1", "C0JAPAN0001"] as const;
const config = `
schedules:
  alerts: "*/2 * * * * *"
channels:
  - { channel: ${japan}, topics: [drills], language: ja }
access:
  operators: [${akira}]
  approvers: [${olivia}, ${akira}]
simulations:
  clusters: [aks-demo, aks-prod-*]
  refuseTags: ["environment=production"]
  verifyMinutes: 1
`;

let world: World;
beforeAll(async () => {
  world = await startWorld({ config, env: { LOG_LEVEL: "warn" }, azure: { live: { factor: 600 } } });
}, 180_000);
afterAll(() => world?.end());

const { answered, messageOf, pressed, now } = inChannel(() => world, security);
/** Asks for a run, and answers its message in the channel. */
async function request(user: string, reason: string, channel: string = security): Promise<Message> {
  await answered(user, `simulate web-shell aks-demo --reason "${reason}"`, /Requested|申請しました/, channel);
  return world.slack.until(() => messageOf(reason, channel), 90_000);
}
const runOf = (message: Message) => /approval (r-\w{10}) /.exec(shown(message))![1]!;

describe("an approval", { timeout: 180_000 }, () => {
  it("is refused to the requester, though an approver; another's works once", async () => {
    const asked = await request(olivia, "own approval");
    const before = structuredClone(asked);
    expect(await pressed(olivia, asked, "Approve")).toMatch(/can.t decide on your own request/);
    expect(now(asked).text).toMatch(/Simulation requested/);
    // Akira's Slack is Japanese, and so is what only Akira reads.
    expect(await pressed(akira, asked, "Refuse")).toMatch(/^却下しました: aks-demo での web-shell/m);
    await world.slack.until(() => now(asked).text.startsWith("Refused"), 90_000);
    // The message as it was, pressed again: a replay.
    expect(await pressed(akira, before, "Approve")).toMatch(/すでに判断されています/);
  });

  it("of two approvers at the same moment exactly one has decided", async () => {
    const asked = await request(sam, "two at once");
    const both = await Promise.all([pressed(olivia, asked, "Refuse"), pressed(akira, asked, "Refuse")]);
    expect(both.filter((one) => /^(Refused|却下しました): /m.test(one))).toHaveLength(1);
    expect(both.filter((one) => /Already decided|すでに判断されています/.test(one))).toHaveLength(1);
  });

  it("given while the request is withdrawn, its message ends with what the run is", async () => {
    for (const reason of ["at once 1", "at once 2", "at once 3"]) {
      const asked = await request(sam, reason);
      await Promise.all([pressed(olivia, asked, "Approve"), pressed(sam, asked, "Withdraw")]);
      await world.slack.until(() => /^Cancelled/.test(now(asked).text), 90_000);
    }
  });

  it("is bound to what was asked for: another code is no approval", async () => {
    const asked = await request(sam, "other code");
    const run = runOf(asked);
    expect(
      await answered(olivia, `approval ${run} 0123456789abcdef approve`, /doesn't match the current request/),
    ).toBeTruthy();
    expect(now(asked).text).toMatch(/Simulation requested/);
    await pressed(sam, asked, "Withdraw");
    await world.slack.until(() => now(asked).text.startsWith("Cancelled"), 90_000);
  });

  it("is not given for somebody who lost the right meanwhile", async () => {
    const asked = await request(sam, "lost right");
    const person = world.slack.state.users.get(sam)!;
    person.is_restricted = true;
    try {
      expect(await pressed(olivia, asked, "Approve")).toMatch(/no longer a member/);
      expect(now(asked).text).toMatch(/Simulation requested/);
    } finally {
      person.is_restricted = false;
    }
    await pressed(olivia, asked, "Refuse");
  });

  it("is refused to who is no approver, and a guest may not even ask", async () => {
    const asked = await request(akira, "no approver");
    expect(await pressed(sam, asked, "Approve")).toMatch(/Only approvers can/);
    expect(await pressed(sam, asked, "Withdraw")).toMatch(/Only the requester, operators and approvers/);
    await answered(guest, "simulate web-shell aks-demo --reason x", /you're a guest/);
    expect(await pressed(olivia, asked, "Refuse")).toMatch(/^Refused/m);
    // Everything is in the audit log, what was refused too.
    const audit = await answered(akira, "audit --since 1h", /aks-demo のシミュレーション .*: 却下/);
    expect(audit).toContain("拒否");
  });
});

describe("simulate", { timeout: 180_000 }, () => {
  it("opens a form with what is missing, only with clusters that may be used, and goes on from there", async () => {
    // A trigger lives three seconds: on a machine that is busy for longer no view comes, and people ask again.
    const opened = async (words: string, ask: () => Promise<unknown>, times = 3): Promise<View> => {
      const before = world.slack.openView(sam)?.id;
      await ask();
      const view = () => {
        const open = world.slack.openView(sam);
        return open && open.id !== before && JSON.stringify(open.blocks).includes(words) ? open : undefined;
      };
      const result = await world.slack.until(view, 30_000).catch((error: unknown) => {
        if (times === 1) throw error;
        return undefined;
      });
      return result ?? opened(words, ask, times - 1);
    };
    const first = () =>
      opened("aks-demo", () => world.slack.command({ user: sam, channel: security, text: "simulate" }));
    const view = await first();
    const text = JSON.stringify(view.blocks);
    expect(text).toContain("node-malware");
    // aks-prod-web is tagged production; aks-juchu and aks-build are not in the list of the settings.
    for (const name of ["aks-prod-web", "aks-juchu", "aks-build"]) expect(text).not.toContain(name);
    expect(text).toContain("aks-prod-eu");
    let filled: View | undefined = view;
    const second = await opened("vmss", async () => {
      const values = { scenario: "node-malware", cluster: "aks-demo", reason: "By form" };
      await world.slack.submit({ user: sam, view: filled ?? (await first()), values });
      filled = undefined; // A form is sent once.
    });
    const node = /aks-[a-z0-9-]+-vmss[0-9a-z]+/.exec(JSON.stringify(second.blocks))![0];
    await world.slack.submit({ user: sam, view: second, values: { node } });
    const asked = await world.slack.until(() => messageOf("By form"), 90_000);
    expect(shown(asked)).toContain(node);
    expect(shown(asked)).toContain("A file is written on the node itself");
    await pressed(sam, asked, "Withdraw");
  });

  it("says why a cluster may not be used, and what was probably meant", async () => {
    await answered(sam, "simulate web-shell aks-prod-web --reason x", /has the tag environment=production/);
    await answered(sam, "simulate web-shell aks-juchu --reason x", /add it to simulations.clusters/);
    await answered(sam, "simulate web-shel aks-demo --reason x", /Scenario “web-shel” not found/);
    await answered(sam, "simulate web-shell aks-dem --reason x", /Cluster “aks-dem” not found/);
    expect(world.slack.messages(security).some(({ text }) => /aks-juchu|aks-prod-web/.test(text))).toBe(
      false,
    );
  });

  it("speaks the language of the channel: request and refusal in Japanese", async () => {
    const asked = await request(akira, "週次の確認", japan);
    expect(asked.text).toMatch(/シミュレーションの承認依頼: .*web-shell/);
    expect(shown(asked)).toContain("自動削除までの時間");
    expect(shown(asked)).not.toContain("作成するもの");
    const plan = await pressed(akira, asked, "計画の詳細");
    for (const words of ["作成するもの", "使用する権限", "このテストの対象外"]) expect(plan).toContain(words);
    await pressed(olivia, asked, "却下");
    await world.slack.until(() => now(asked).text.startsWith("却下されました"), 90_000);
  });

  it("a run is cancelled at any moment, and what it created is removed", async () => {
    const { switches } = world.azure.defender;
    // It waits for an alert, and is under way for as long as a slow machine needs to press the button.
    switches.add({ kind: "drop" });
    const asked = await request(sam, "cancelled");
    expect(await pressed(olivia, asked, "Approve")).toMatch(/^Approved/m);
    const under = await world.slack.until(() => {
      const message = now(asked);
      return JSON.stringify(message.blocks).includes("cancel-simulation") && message.edited
        ? message
        : undefined;
    }, 90_000);
    expect(await pressed(sam, under, "Cancel")).toMatch(/^Cancelled/m);
    const report = await world.slack.until(() => {
      const message = now(asked);
      return message.text.startsWith("Cancelled") ? message : undefined;
    }, 120_000);
    switches.clear();
    expect(shown(report)).toMatch(/nothing is left|Nothing was created/);
    const { objects } = await world.azure.clusters.of("aks-demo");
    const left = kinds.flatMap((kind) => objects.list(kind));
    expect(left.filter(({ metadata }) => metadata.labels?.["breakwater/run"])).toEqual([]);
  });
});

describe("twelve requests that one person types at once", { timeout: 360_000 }, () => {
  it("wait for their turns, and each is answered and asked for once", async () => {
    const reasons = Array.from({ length: 12 }, (_, index) => `batch ${String(index).padStart(2, "0")}`);
    const typed = await Promise.all(
      reasons.map((reason) =>
        world.slack.command({
          user: sam,
          channel: security,
          text: `simulate web-shell aks-demo --reason "${reason}"`,
        }),
      ),
    );
    const answers = () => typed.map((one) => one.answers().at(-1)?.text ?? "");
    await world.slack.until(() => answers().every((text) => text !== "" && !/Working/.test(text)), 300_000);
    expect(answers().filter((text) => !/^Requested/.test(text))).toEqual([]);
    await world.slack.until(() => reasons.every((reason) => messageOf(reason)), 30_000);
    for (const reason of reasons) {
      const posted = world.slack.messages(security).filter((one) => shown(one).includes(reason));
      expect(posted.filter(({ thread_ts }) => thread_ts === undefined)).toHaveLength(1);
    }
    expect(new Set(reasons.map((reason) => runOf(messageOf(reason)!))).size).toBe(reasons.length);
  });
});
