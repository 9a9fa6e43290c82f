import { type FindingModel, findingModels, type ModelReading } from "../../domain/findings/model/finding.ts";
import type { Read } from "../../domain/reading/reading.ts";
import type { Settings } from "../../domain/settings.ts";
import type { UpstreamError } from "../../errors.ts";
import type { FindingsAzure, Subscription } from "../../ports/azure.ts";
import type { Client } from "../client/client.ts";
import { unreadOf } from "../client/probe.ts";
import { whyUnread } from "../client/problem.ts";
import { patiently } from "../client/retry-policy.ts";
import { count, field, text } from "../fields.ts";
import { graphScopes } from "../graph/graph-scope.ts";
import { queryText, rowsAfter } from "../graph/queries.ts";
import { hiddenReader } from "../permissions/hidden-rows.ts";
import { namesOf } from "../subscriptions.ts";
import { readCveDetails } from "./cve-details.ts";
import { detailsBy, held, noCves, type UnplacedRows } from "./held.ts";
import { type FindingsDeps, type Reading, readKind } from "./kind.ts";
import { detailSource, pageSource, parsingHere } from "./pages.ts";
import { readPart } from "./part.ts";
import type { NodeGroups } from "./read-artifact.ts";
import { parsingThread } from "./thread.ts";

/** The readings of findings in the port; see `FindingsAzure`. */
export function findingsReader(
  settings: Settings,
  client: Client,
  deps: FindingsDeps,
): Pick<FindingsAzure, "findings" | "freshFindings"> {
  const { access, clock, pause } = deps;
  const scopesOf = (subscriptions: Subscription[]) =>
    graphScopes(settings.scope, subscriptions, { listed: access.listed });
  const hiddenIn = hiddenReader(deps.denied);
  let before: ReadonlySet<string> = new Set();
  return {
    async findings(take, { signal, known: earlier = noCves } = {}) {
      const asked = await patiently(() => deps.subscriptions(), { signal, pause });
      const { counts, refused, unplaced } = await patiently(() => countRows(deps, asked.value), {
        signal,
        pause,
      });
      const present = new Set<string>();
      const pages = held(take, present);
      const nodeGroups = await patiently(() => readNodeGroups(deps, asked.value), { signal, pause });
      const parser = parsingThread(namesOf(asked.value), nodeGroups);
      const reading: Reading = {
        deps,
        scopes: scopesOf(asked.value).filter(
          ({ subscriptions = [] }) => !subscriptions.some((id) => refused.has(id)),
        ),
        source: pageSource(client, access, parser),
        take: pages.take,
        signal,
      };
      const models: ModelReading[] = [];
      try {
        for (const kind of ["individual", "grouped"] as const)
          models.push(...(await readKind(kind, counts, reading)));
      } finally {
        await parser.end();
      }
      const known = await earlier;
      const ask = detailSource(client, access, signal);
      const patient: typeof ask = (...one) => patiently(() => ask(...one), { signal, pause });
      const about = await readCveDetails(pages.wanted(), known, { ask: patient, settings, now: clock.now() });
      pages.finish(detailsBy(about.cves, known));
      if (about.details.error)
        deps.log.warn({ detail: about.details.error }, "Details of CVEs could not be read");
      const unread = await silentOnes(deps, asked.value, { present, before, refused });
      before = present;
      const failing = new Set(unread.map(({ subscription }) => subscription.id));
      const silent = asked.value.filter(({ id }) => !present.has(id) && !failing.has(id));
      const query = { name: "findings", text: await queryText("findings-individual") };
      const hidden = await hiddenIn(query, silent, present);
      if (unread.length > 0 && unread.length === asked.value.length && present.size === 0)
        throw unread[0]!.error;
      return {
        ...summary(asked, clock.now()),
        listed: [...asked.value, ...asked.unread].map(({ id }) => id.toLowerCase()),
        unread: [
          ...asked.unread,
          ...unread.map(({ subscription, error }) => unreadOf(subscription, error)),
          ...hidden,
        ],
        models,
        details: about.details,
        ...(about.cves && { cves: about.cves }),
        shapes: [pages.shape(unplaced, counts.get("individual") ?? 0, about.details), about.shape],
      };
    },
    async freshFindings(take, since, known) {
      const asked = await deps.subscriptions();
      const query = rowsAfter(await queryText("findings-fresh"), since);
      const source = pageSource(client, access, parsingHere(namesOf(asked.value)));
      const pages = held(take, new Set());
      const scopes = scopesOf(asked.value);
      let rows = 0;
      for (const scope of scopes) {
        const ask = source({ kind: "individual", query, scope });
        try {
          rows += (await readPart(ask, pages.take, { top: 1000 })).rows;
        } catch (error) {
          // What may not be shown of one group keeps nothing of the others; a scan names it.
          if (scopes.length === 1 || whyUnread(error) !== "denied") throw error;
        }
      }
      if (!known) {
        pages.finish(() => undefined);
        return { ...summary(asked, clock.now()), models: [{ model: "individual", rows }] };
      }
      const ask = detailSource(client, access);
      const about = await readCveDetails(pages.wanted(), known, {
        ask,
        settings,
        now: clock.now(),
        refresh: false,
      });
      pages.finish(detailsBy(about.cves, known));
      const { details, cves } = about;
      return { ...summary(asked, clock.now()), models: [{ model: "individual", rows }], details, cves };
    },
  };
}

function summary({ value, unread }: Read<Subscription[]>, asOf: string) {
  return { asOf, subscriptions: value.length + unread.length, unread };
}

/**
 * How many rows each model has. `refused`: subscriptions of a group of which none may be shown; they are left out as a
 * single one would be. Throws where another part of the scope does not answer: what is not counted is not read.
 */
async function countRows({ graph }: FindingsDeps, subscriptions: Subscription[]) {
  const { rows, failed } = await graph("findings-count", subscriptions);
  const unplaced: UnplacedRows[] = [];
  const lost = failed.find(({ scope, error }) => !scope.subscriptions || whyUnread(error) !== "denied");
  if (lost) throw lost.error;
  const refused = new Map(
    failed.flatMap(({ scope, error }) => (scope.subscriptions ?? []).map((id) => [id, error] as const)),
  );
  const counts = new Map<FindingModel, number>(findingModels.map((model) => [model, 0]));
  for (const row of rows) {
    const [, what] = /^unplaced-(\w+)$/.exec(text(field(row, "id"), 50)) ?? [];
    if (what) {
      const example = text(field(row, "example"), 500);
      unplaced.push({ what, rows: count(field(row, "findings")) ?? 0, example });
    }
    const model = text(field(row, "id"), 50) as FindingModel;
    const known = counts.get(model);
    if (known !== undefined) counts.set(model, known + (count(field(row, "findings")) ?? 0));
  }
  return { counts, refused, unplaced };
}

/** Whose node resource group each one is; it says nothing where it cannot be read, and the group's name may. */
async function readNodeGroups({ graph }: FindingsDeps, subscriptions: Subscription[]): Promise<NodeGroups> {
  const { rows } = await graph("node-resource-groups", subscriptions);
  return new Map(
    rows.flatMap((row) => {
      const [subscription, nodes] = [text(field(row, "subscriptionId"), 100), text(field(row, "nodes"), 200)];
      const cluster = text(field(row, "name"), 100);
      const resourceGroup = text(field(row, "resourceGroup"), 100);
      return nodes && cluster ? [[`${subscription}/${nodes}`.toLowerCase(), { cluster, resourceGroup }]] : [];
    }),
  );
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
