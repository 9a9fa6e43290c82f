import { count, field, text } from "../fields.ts";
import { type GraphDeps, graphReading } from "../graph/from-graph.ts";

/**
 * How many of Defender's assessments are about what runs inside of each cluster, by its id in lower case. The only times
 * that assessments carry say when their state changed, so whether there are any is all that tells whether Defender still
 * sees the cluster [Defender docs, individual recommendations]. Clusters without any assessment at all are left out.
 */
export function clusterDataReader(deps: GraphDeps) {
  const fromGraph = graphReading(deps);
  return async (): Promise<ReadonlyMap<string, number>> => {
    const { value } = await fromGraph("cluster-data", undefined, { probing: false });
    return new Map(
      value.flatMap((row) => {
        const [id, inside] = [text(field(row, "id"), 2000).toLowerCase(), count(field(row, "inside"))];
        return id === "" || inside === undefined ? [] : [[id, inside] as const];
      }),
    );
  };
}
