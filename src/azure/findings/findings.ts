import {
  type FindingModel,
  type FindingPage,
  findingModels,
  type ModelReading,
} from "../../domain/findings/finding.ts";
import type { Read } from "../../domain/reading.ts";
import type { UpstreamError } from "../../errors.ts";
import type { FindingsAzure } from "../../finding-ports.ts";
import type { Subscription } from "../../ports.ts";
import type { Settings } from "../../settings/settings.ts";
import type { Client } from "../client.ts";
import { count, field, text } from "../fields.ts";
import { graphScopes } from "../graph-scope.ts";
import { patiently } from "../patience.ts";
import { unreadOf } from "../probe.ts";
import { whyUnread } from "../problem.ts";
import { queryText, rowsAfter } from "../queries.ts";
import { namesOf } from "../subscriptions.ts";
import { type FindingsDeps, type Reading, readKind } from "./kind.ts";
import { pageSource, parsingHere } from "./pages.ts";
import { readPart } from "./part.ts";
import { parsingThread } from "./thread.ts";

type Take = (page: FindingPage) => void;

/** The readings of findings in the port; see `FindingsAzure`. */
export function findingsReader(
  settings: Settings,
  client: Client,
  deps: FindingsDeps,
): Pick<FindingsAzure, "findings" | "freshFindings"> {
  const { access, clock, pause } = deps;
  const scopesOf = (subscriptions: Subscription[]) =>
    graphScopes(settings.scope, subscriptions, { listed: access.listed });
  let before: ReadonlySet<string> = new Set();
  return {
    async findings(take, { signal } = {}) {
      const asked = await patiently(() => deps.subscriptions(), { signal, pause });
      const { counts, refused } = await patiently(() => countRows(deps, asked.value), { signal, pause });
      const present = new Set<string>();
      const parser = parsingThread(namesOf(asked.value));
      const reading: Reading = {
        deps,
        scopes: scopesOf(asked.value).filter(
          ({ subscriptions = [] }) => !subscriptions.some((id) => refused.has(id)),
        ),
        source: pageSource(client, access, parser),
        take: handOver(take, present),
        signal,
      };
      const models: ModelReading[] = [];
      try {
        for (const kind of ["individual", "grouped"] as const)
          models.push(...(await readKind(kind, counts, reading)));
      } finally {
        await parser.end();
      }
      const unread = await silentOnes(deps, asked.value, { present, before, refused });
      before = present;
      if (unread.length > 0 && unread.length === asked.value.length && present.size === 0)
        throw unread[0]!.error;
      return {
        ...summary(asked, clock.now()),
        listed: [...asked.value, ...asked.unread].map(({ id }) => id.toLowerCase()),
        unread: [...asked.unread, ...unread.map(({ subscription, error }) => unreadOf(subscription, error))],
        models,
      };
    },
    async freshFindings(take, since) {
      const asked = await deps.subscriptions();
      const query = rowsAfter(await queryText("findings-fresh"), since);
      const source = pageSource(client, access, parsingHere(namesOf(asked.value)));
      const scopes = scopesOf(asked.value);
      let rows = 0;
      for (const scope of scopes) {
        const ask = source({ kind: "individual", query, scope });
        try {
          rows += (await readPart(ask, handOver(take, new Set()), { top: 1000 })).rows;
        } catch (error) {
          // What may not be shown of one group keeps nothing of the others; a scan names it.
          if (scopes.length === 1 || whyUnread(error) !== "denied") throw error;
        }
      }
      return { ...summary(asked, clock.now()), models: [{ model: "individual", rows }] };
    },
  };
}

function summary({ value, unread }: Read<Subscription[]>, asOf: string) {
  return { asOf, subscriptions: value.length + unread.length, unread };
}

function handOver(take: Take, present: Set<string>): Reading["take"] {
  return ({ subscriptions, parts }) => {
    for (const id of subscriptions) present.add(id);
    for (const part of parts) take(part);
  };
}

/**
 * How many rows each model has. `refused`: subscriptions of a group of which none may be shown; they are left out as a
 * single one would be. Throws where another part of the scope does not answer: what is not counted is not read.
 */
async function countRows({ graph }: FindingsDeps, subscriptions: Subscription[]) {
  const { rows, failed } = await graph("findings-count", subscriptions);
  const lost = failed.find(({ scope, error }) => !scope.subscriptions || whyUnread(error) !== "denied");
  if (lost) throw lost.error;
  const refused = new Map(
    failed.flatMap(({ scope, error }) => (scope.subscriptions ?? []).map((id) => [id, error] as const)),
  );
  const counts = new Map<FindingModel, number>(findingModels.map((model) => [model, 0]));
  for (const row of rows) {
    const model = text(field(row, "id"), 50) as FindingModel;
    const known = counts.get(model);
    if (known !== undefined) counts.set(model, known + (count(field(row, "findings")) ?? 0));
  }
  return { counts, refused };
}

/** Subscriptions that had rows in this reading and in the one before, and those that were refused in a group. */
type Account = {
  present: ReadonlySet<string>;
  before: ReadonlySet<string>;
  refused: ReadonlyMap<string, UpstreamError>;
};

/**
 * Resource Graph leaves subscriptions without access out silently: those without a row are asked themselves. One that
 * had rows in the last reading is asked again, whatever is known of it.
 */
async function silentOnes(
  { probe }: FindingsDeps,
  subscriptions: Subscription[],
  { present, before, refused }: Account,
): Promise<{ subscription: Subscription; error: UpstreamError }[]> {
  const missing = subscriptions.filter(({ id }) => !present.has(id));
  const again = new Set(missing.map(({ id }) => id).filter((id) => before.has(id)));
  const errors = await probe.unread(missing, again);
  return missing.flatMap((subscription) => {
    const error = errors.get(subscription.id) ?? refused.get(subscription.id);
    return error ? [{ subscription, error }] : [];
  });
}
