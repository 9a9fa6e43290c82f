import { type Figure, ms } from "../figure.ts";
import type { AzureQuestion } from "../peers/azure.ts";
import { pressure } from "../pressure.ts";
import { type LoadBed, once, people } from "./bed.ts";

/** As far away as Azure is for many: milliseconds of an answer. */
const far = { graph: 300, others: 150 };

/** One `status` where every answer of Azure takes its time. */
export async function slowStatus(load: LoadBed): Promise<Figure[]> {
  const bot = await load.cold();
  await load.bed.azure.ask({ slow: far } satisfies AzureQuestion);
  const before = pressure();
  const took = await load.typist.say(bot.events, "status", people[0]!);
  const requests = await load.requests();
  await load.bed.azure.ask({ slow: { graph: 0, others: 0 } } satisfies AzureQuestion);
  await load.end(bot);
  const bound = `one status where answers take ${far.others} ms, those of Resource Graph ${far.graph} ms more than they do by themselves: ${requests} requests, ${ms(took)}`;
  return [once("load-status-far", 3000, took, { unit: "ms", bound, before })];
}
