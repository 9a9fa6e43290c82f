import type { Check } from "../../domain/check.ts";
import type { Hunt, HuntAnswer, HuntRow } from "../../domain/hunts/hunts.ts";
import { inScope, type Scope } from "../../domain/scope/scope.ts";
import { unseenIn } from "../../domain/scope/scoped-reading.ts";
import type { Settings } from "../../domain/settings.ts";
import type { Subscription } from "../../ports/azure.ts";
import { each } from "../../text/each.ts";
import type { Choose } from "../../text/language.ts";
import { retryLater } from "../checks/retry-later.ts";
import { problem, whyUnread } from "../client/problem.ts";
import { capped, compact, field, text } from "../fields.ts";
import { detailScopes } from "../findings/cve-details.ts";
import { type GraphDeps, graphReading } from "../graph/from-graph.ts";
import type { Row } from "../graph/graph.ts";
import { namedCves } from "../graph/queries.ts";
import { placeOf } from "../place.ts";
import { namesOf } from "../subscriptions.ts";
import { type Hunts, loadHunts } from "./load.ts";

/** More rows than this are nothing that anyone looks through. */
const mostRows = 5000;
const cellLength = 300;

export type HuntReader = {
  hunts(): Promise<Hunts>;
  hunt(hunt: Hunt, options?: { scope?: Scope; cve?: string }): Promise<HuntAnswer>;
};

/** The hunts part of the port. `cve` is put in by type, in the place of a literal, and never as text. */
export function huntReader(settings: Settings, deps: GraphDeps): HuntReader {
  const fromGraph = graphReading(deps);
  let loaded: Promise<Hunts> | undefined;
  return {
    hunts() {
      loaded ??= loadHunts(settings.hunts.folder);
      return loaded;
    },
    async hunt(hunt, { scope, cve } = {}) {
      const only =
        scope?.kind === "sub" ? (one: Subscription) => inScope({ subscription: one }, scope) : undefined;
      if (hunt.details && !(await hasDetails(settings, deps)))
        return { ...(await nothing(deps)), columns: [], listed: [], missing: 0, unknown: "cve-details" };
      const query =
        hunt.parameter && cve !== undefined ? namedCves(hunt.query, [cve.toUpperCase()]) : hunt.query;
      const scopes = hunt.details ? detailScopes(settings) : undefined;
      const read = await fromGraph({ name: `hunt ${hunt.name}`, text: query }, only, { mostRows, scopes });
      const { value: subscriptions, unread } = await deps.subscriptions();
      const unseen = only && scope ? unseenIn(unread, scope, subscriptions.filter(only)) : [];
      const names = namesOf(subscriptions);
      const rows = distinct(read.value).map((row) => readRow(row, names));
      const present = new Set(rows.map(({ place }) => place.subscription.id));
      const silent = subscriptions.filter(
        (one) => (!only || only(one)) && !present.has(one.id) && !read.unread.some(({ id }) => id === one.id),
      );
      const denied = await deps.denied(silent, hunt.needs);
      const within = rows.filter(({ place }) => inScope(place, scope));
      return {
        ...read,
        value: within.slice(0, mostRows),
        // Each of several scopes may have had so many.
        missing: read.missing + Math.max(0, within.length - mostRows),
        subscriptions: read.subscriptions + unseen.length,
        columns: columnsOf(read.value),
        listed: subscriptions.map(({ id }) => id),
        unread: [...unseen, ...read.unread, ...denied],
      };
    },
  };
}

/** Several scopes may give one row each. */
function distinct(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [text(field(row, "id"), 5000).toLowerCase(), row])).values()];
}

const known = /^(id|resource|subscriptionid)$/i;

function columnsOf(rows: readonly Row[]): string[] {
  return Object.keys(rows[0] ?? {}).filter((name) => !known.test(name));
}

/** Where the row is about something else than what its id lies on, the query has a column `resource`. */
function readRow(row: Row, names: ReadonlyMap<string, string>): HuntRow {
  const id = text(field(row, "id"), 2000);
  const resource = text(field(row, "resource"), 2000) || id;
  const cells = Object.fromEntries(
    Object.entries(row).flatMap(([name, value]): [string, string | number][] => {
      if (known.test(name)) return [];
      return [[name, typeof value === "number" ? value : compact(value, cellLength)]];
    }),
  );
  return { id, resource, place: placeOf([resource, id], names), cells };
}

/** Without the permission there is no row, and no error [Defender docs, transition to individual recommendations]. */
async function hasDetails(settings: Settings, { graph, subscriptions }: GraphDeps): Promise<boolean> {
  const { value } = await subscriptions();
  const scopes = detailScopes(settings);
  const { rows } = await graph("cve-details-probe", value, undefined, { mostRows: 1, scopes });
  return rows.length > 0;
}

async function nothing({ subscriptions, clock }: GraphDeps) {
  const asked = await subscriptions();
  return { value: [], asOf: clock.now(), subscriptions: asked.subscriptions, unread: asked.unread };
}

/** Doctor's checks of the operator's own files: each is asked of Resource Graph, which names line and word. */
export async function huntChecks(reader: HuntReader, choose: Choose): Promise<Check[]> {
  const { hunts, problems } = await reader.hunts();
  const nameOf = (hunt: string) => choose({ en: `Hunt ${hunt}`, ja: `ハント ${hunt}` });
  const failed = (name: string, file: string, said: string): Check => {
    const fix = choose({
      en: `Correct ${file}. See docs/operations.md, Own hunts.`,
      ja: `${file} を修正してください (docs/operations.md の Own hunts を参照)。`,
    });
    return { name, state: "failed", said, fix };
  };
  const wrong = problems.map(({ file, line, problem: said }) =>
    failed(nameOf(file), file, choose({ en: `line ${line}: ${said}`, ja: `${line} 行目: ${said}` })),
  );
  const asked = await each(
    hunts.filter(({ own }) => own),
    async (hunt): Promise<Check> => {
      const name = nameOf(hunt.name);
      try {
        await reader.hunt(hunt, hunt.parameter ? { cve: "CVE-2021-44228" } : {});
        return { name, state: "ok", said: "" };
      } catch (error) {
        const { status, message } = problem(error);
        const said = capped(message, 600);
        // Only a bad request is the query's fault.
        return status === 400 && whyUnread(error) === "failed"
          ? failed(name, `${hunt.name}.kql`, said)
          : { name, state: "unknown", said, fix: choose(retryLater) };
      }
    },
  );
  return [...wrong, ...asked];
}
