import { withLog } from "../../src/domain/simulations/log.ts";
import type { Run } from "../../src/domain/simulations/simulation.ts";
import type { Message } from "../../src/message/message.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { answering } from "../peer.ts";

/** Text from the far sides, which Azure and the logs of pods may have from an attacker. */
export type HostileText = { lines: string[] } | { message: Message };
export type Blocked = { ms: number };

/** How long the product works on it without giving the event loop a turn: the thread's own time, whoever else is busy. */
answering<HostileText>((text) => {
  const before = process.threadCpuUsage();
  if ("lines" in text) withLog({ log: [], logged: 0 } as unknown as Run, text.lines);
  else compile(text.message, { language: "en" });
  const { user, system } = process.threadCpuUsage(before);
  return { ms: (user + system) / 1000 } satisfies Blocked;
});

console.log("ready");
