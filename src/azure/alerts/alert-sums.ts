import type { Read } from "../../domain/reading/reading.ts";
import { UpstreamError } from "../../errors.ts";
import type { AlertSum } from "../../ports/azure.ts";
import type { Log } from "../../ports/process.ts";
import { count, field, text } from "../fields.ts";
import { type GraphDeps, graphReading } from "../graph/from-graph.ts";

/**
 * Subscription id → how many alerts it has, and a sum over them, which changes whenever one of them is new or looks
 * otherwise: one request for a thousand subscriptions. Undefined where Resource Graph does not take the query: then every
 * row has to be read.
 */
export function alertSumsReader(deps: GraphDeps & { log: Log }) {
  const fromGraph = graphReading(deps);
  return async (minutes: number): Promise<Read<Map<string, AlertSum>> | undefined> => {
    try {
      const read = await fromGraph("alert-changes", undefined, { probing: false, minutes });
      const sums = read.value.map((row) => {
        const [alerts = 0, sum] = [count(field(row, "alerts")), text(field(row, "sum"))];
        return [text(field(row, "id"), 100).toLowerCase(), { alerts, sum: `${alerts}:${sum}` }] as const;
      });
      const wrong = sums.some(([id, { alerts, sum }]) => id === "" || alerts === 0 || sum.endsWith(":"));
      return wrong ? undefined : { ...read, value: new Map(sums) };
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.status !== 400) throw error;
      deps.log.warn({ code: error.code }, "Resource Graph does not say which alerts changed: all are read");
      return undefined;
    }
  };
}
