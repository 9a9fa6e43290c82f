import { cpuSeconds } from "../cpu.ts";
import type { Figure } from "../figure.ts";
import { type LoadBed, once, people } from "./bed.ts";

export type Cost = { cpuMs: number; requests: number };

/** What one `status` and one `recommendations` of a process that read nothing before cost it. */
export async function costOf(load: LoadBed): Promise<Cost> {
  const bot = await load.cold();
  // What is imported and compiled at first use has nothing to do with the estate.
  await load.typist.say(bot.events, "help", people[0]!);
  const used = cpuSeconds(bot.pid);
  await load.typist.say(bot.events, "status", people[0]!);
  await load.typist.say(bot.events, "recommendations", people[0]!);
  const cpuMs = (cpuSeconds(bot.pid) - used) * 1000;
  const requests = await load.requests();
  await load.end(bot);
  return { cpuMs, requests };
}

/** Ten times the estate against ten times the cost: at most linear. */
export function growth(small: Cost, large: Cost): Figure[] {
  const about = (name: keyof Cost, what: string) =>
    once(`load-growth-${name === "cpuMs" ? "cpu" : name}`, 1, large[name] / (10 * small[name]), {
      bound: `${what} of a status and recommendations: ${Math.round(large[name])}; of a tenth of the estate ${Math.round(small[name])}, times ten`,
    });
  return [about("cpuMs", "processor milliseconds"), about("requests", "requests")];
}
