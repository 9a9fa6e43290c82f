import type { Message } from "../slack/message.ts";
import { namesOf, readMessage, readView } from "../slack/read.ts";
import type { World } from "../world.ts";

/** What a step of the tour works with. */
export type Guide = {
  world: World;
  /** Prints a message, or several, as a person would read them. */
  show(title: string, ...messages: (Message | undefined)[]): void;
  /** Prints the form or the details that this person sees. */
  showView(title: string, user: string): void;
  note(text: string): void;
  /** The step fails where this does not hold. */
  check(holds: boolean, what: string): void;
  /** Types a command and waits for its answer (the "working" message apart). */
  type(user: string, channel: string, text: string): Promise<Message>;
};

export type Step = { title: string; run(guide: Guide): Promise<void> };

export const people = {
  olivia: "U0OLIVIA001",
  akira: "U0AKIRA0001",
  sam: "U0SAM000001",
  guest: "U0GUEST0001",
};
export const channels = {
  security: "C0SECURITY1",
  japan: "C0JAPAN0001",
  admin: "C0ADMIN0001",
  platform: "C0PLATFORM1",
};

/** How long a step waits for something to happen, in milliseconds of the demo. */
export const stepMs = 30_000;

/** Plays the steps one after the other and prints what people see. Answers how many failed. */
export async function play(steps: readonly Step[], world: World): Promise<number> {
  let failed = 0;
  for (const [index, step] of steps.entries()) {
    print(`\n━━━ ${index + 1}/${steps.length} ${step.title}`);
    const problems: string[] = [];
    try {
      await step.run(guideOf(world, problems));
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
    for (const problem of problems) print(`  ✗ ${problem}`);
    if (problems.length > 0) failed++;
  }
  print(`\nTour complete: ${steps.length} steps, ${failed} failed`);
  return failed;
}

function guideOf(world: World, problems: string[]): Guide {
  const { slack } = world;
  const names = namesOf(slack.state);
  return {
    world,
    show(title, ...messages) {
      for (const message of messages) {
        if (!message) continue;
        print(`\n  ${title}`);
        const thread = message.ephemeralTo ? [] : slack.thread(message);
        print(indented(readMessage(message, { names, thread })));
      }
    },
    showView(title, user) {
      const view = slack.openView(user);
      print(`\n  ${title}`);
      print(indented(view ? readView(view, names) : "(nothing is open)"));
    },
    note: (text) => print(`  ${text}`),
    check(holds, what) {
      if (holds) print(`  ✓ ${what}`);
      else problems.push(what);
    },
    async type(user, channel, text) {
      print(
        `\n  ${names.user?.(user) ?? user} types in #${names.channel?.(channel) ?? channel}:  /defender ${text}`,
      );
      const typed = await slack.command({ user, channel, text });
      const answer = await slack.until(() => {
        const last = typed.answers().at(-1);
        return last && !isWorking(last) ? last : undefined;
      }, stepMs);
      print(indented(readMessage(answer, { names })));
      return answer;
    },
  };
}

/** The message that only says that work goes on. */
export function isWorking(message: Message): boolean {
  return /Working on|を実行しています|処理しています/.test(message.text);
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `  │ ${line}`)
    .join("\n");
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
