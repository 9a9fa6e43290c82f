import type {
  ControlDefinition,
  ScoreControl,
  SecureScore,
  SecureScores,
} from "../../domain/recommendations/secure-score.ts";
import type { Subscription } from "../../ports/azure.ts";
import type { Log } from "../../ports/process.ts";
import { keptFor } from "../../text/kept-for.ts";
import { detailOf } from "../client/problem.ts";
import { amount, count, field, list, text } from "../fields.ts";
import { type GraphDeps, graphReading, subscriptionOf } from "../graph/from-graph.ts";
import type { Row } from "../graph/graph.ts";
import { namesOf } from "../subscriptions.ts";

/** Milliseconds for which it is kept which recommendations count in a control: that changes with releases. */
const kept = 3_600_000;

/**
 * The secure scores of subscriptions in one or a few requests, and once an hour what their controls are about. Never
 * throws: a subscription without a score is one whose effect is unknown.
 */
export function secureScoreReader(log: Log, deps: GraphDeps) {
  const fromGraph = graphReading(deps);
  const definitions = keptFor(
    kept,
    () => Date.parse(deps.clock.now()),
    async (asked: readonly Subscription[]) => {
      const answer = await deps.graph("secure-score-controls", asked).catch((error: unknown) => {
        log.warn({ detail: detailOf(error) }, "Controls of the secure score could not be read");
      });
      return (answer?.rows ?? []).map(readDefinition).filter(({ id }) => id !== "");
    },
    (value) => value.length === 0,
  );
  return async (asked: readonly Subscription[]): Promise<SecureScores> => {
    const [read, known] = await Promise.all([
      fromGraph("secure-scores", undefined, { probing: false }).catch((error: unknown) => {
        const detail = detailOf(error);
        return { value: [], unread: asked.map(({ id, name }) => ({ id, name, detail })) };
      }),
      definitions(asked),
    ]);
    const names = namesOf(asked);
    const scores = read.value.map((row) => readScore(row, names)).filter((one) => one !== undefined);
    const scored = new Set(scores.map(({ subscription }) => subscription.id));
    const details = new Map(read.unread.map(({ id, detail }) => [id, detail]));
    const unscored = asked
      .filter(({ id }) => !scored.has(id))
      .map(({ id, name }) => ({ id, name, detail: details.get(id) ?? "" }));
    return { scores, definitions: known, unscored };
  };
}

/** One row of `secure-scores.kql`; undefined where it has controls and no score [secureScores 2020-01-01]. */
export function readScore(row: Row, names: ReadonlyMap<string, string>): SecureScore | undefined {
  const id = subscriptionOf(row);
  const parts = list(field(row, "parts")).map((packed) => {
    const [name, max, current, healthy, unhealthy, weight] = list(packed);
    return {
      id: text(name, 200).toLowerCase(),
      max: amount(max) ?? 0,
      current: amount(current) ?? 0,
      healthy: count(healthy) ?? 0,
      unhealthy: count(unhealthy) ?? 0,
      weight: count(weight) ?? 0,
    };
  });
  const own = parts.find((part) => part.id === "");
  if (!own || id === "") return undefined;
  const controls = parts
    .filter((part) => part.id !== "")
    .map(({ weight: _, ...control }): ScoreControl => control);
  const { max, current, weight } = own;
  return { subscription: { id, name: names.get(id) ?? id }, max, current, weight, controls };
}

/** One row of `secure-score-controls.kql` [secureScoreControls 2020-01-01, $expand=definition]. */
export function readDefinition(row: Row): ControlDefinition {
  const keys = list(field(row, "recommendations")).map((one) =>
    text(field(one, "id"), 500).split("/").at(-1),
  );
  return {
    id: text(field(row, "id"), 200).toLowerCase(),
    title: text(field(row, "displayName"), 300),
    keys: [...new Set(keys.map((key) => key?.toLowerCase()).filter((key) => key !== undefined))],
  };
}
