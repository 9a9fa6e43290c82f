import { createHash } from "node:crypto";
import { leftUnread } from "../reading/reading.ts";
import { type Scope, scopeText } from "../scope/scope.ts";
import type { Hunt, HuntAnswer, HuntRow } from "./hunts.ts";

/** Why a watched hunt can't be compared. */
export const huntTroubles = ["rejected", "cut", "cve-details", "removed", "no-answer"] as const;
export type HuntTrouble = (typeof huntTroubles)[number];

/** A row that a message to the channel names. */
export type NamedRow = { name: string; subscription: string; cells?: HuntRow["cells"] };

/** What is posted to a channel. Of rows, only the first ones are named. */
export type HuntNews = {
  /** ISO: names it for good. */
  at: string;
  /** Rows that match now. */
  count: number;
} & (
  | { kind: "started"; unread: string[] }
  | {
      kind: "rows";
      since: string;
      appeared: NamedRow[];
      gone: NamedRow[];
      counts: { appeared: number; gone: number };
      columns: string[];
      /** It could not be compared before. */
      again?: true;
    }
  | { kind: "trouble"; trouble: HuntTrouble; detail: string }
  | { kind: "resolved" }
);

/** A hunt whose rows a channel hears of when they appear or go. */
export type HuntWatch = {
  id: string;
  revision: number;
  channel: string;
  hunt: string;
  scope?: Scope;
  cve?: string;
  by: string;
  /** ISO. */
  at: string;
  /** What the hunt said of itself when it was read last. */
  about: Pick<Hunt, "severity"> & { title: { en: string; ja: string }; action: { en: string; ja: string } };
  /** ISO time of the latest reading that could be compared. */
  read: string;
  /** By the mark of each row; `missing`: the latest reading lacked it. */
  rows: Record<string, { name: string; subscription: string; missing?: true }>;
  /** Subscriptions (ids) that were never read, or are forgotten: what is in them is no news when they are read. */
  never: string[];
  /** Readings in a row that failed. */
  failures?: number;
  /** Reported, and not over. */
  trouble?: HuntTrouble;
  /** Stored, and not published yet. */
  pending?: HuntNews;
};

/** What is posted to a channel: the news, and of which hunt. */
export type HuntEvent = Pick<HuntWatch, "id" | "channel" | "hunt" | "scope" | "cve" | "by" | "about"> & {
  news: HuntNews;
};

/** What is to be posted about a watch now; undefined where nothing is. */
export function huntEvent({
  id,
  channel,
  hunt,
  scope,
  cve,
  by,
  about,
  pending,
}: HuntWatch): HuntEvent | undefined {
  if (!pending) return undefined;
  return { ...{ id, channel, hunt, by, about, news: pending }, ...(scope && { scope }), ...(cve && { cve }) };
}

export type HuntOutcome =
  | { answer: HuntAnswer; about: HuntWatch["about"] }
  | { trouble: HuntTrouble; detail: string; passing: boolean };

/** Channels have so many watched hunts at most. */
export const mostWatched = 20;
const mostNamed = 50;
/** Azure may not answer for a while: that is reported after so many readings. */
const failuresBeforeNotice = 4;

/** What names a watch: the same hunt over the same scope is watched once in a channel. */
export function huntWatchId({
  channel,
  hunt,
  scope,
  cve,
}: Pick<HuntWatch, "channel" | "hunt" | "scope" | "cve">): string {
  const words = JSON.stringify([channel, hunt, scope ? scopeText(scope) : "", cve ?? ""]);
  return `h-${createHash("sha256").update(words).digest("hex").slice(0, 16)}`;
}

/** True for the same hunt over the same scope. */
export function sameHunt(
  one: Pick<HuntWatch, "hunt" | "scope" | "cve">,
  other: Pick<HuntWatch, "hunt" | "scope" | "cve">,
): boolean {
  return huntWatchId({ channel: "", ...pick(one) }) === huntWatchId({ channel: "", ...pick(other) });
}

const pick = ({ hunt, scope, cve }: Pick<HuntWatch, "hunt" | "scope" | "cve">) => ({ hunt, scope, cve });

/** What of a hunt's own words a watch keeps. */
export function aboutHunt({ severity, texts: { en, ja } }: Hunt): HuntWatch["about"] {
  return {
    severity,
    title: { en: en.title, ja: ja.title },
    action: { en: en.action, ja: ja.action },
  };
}

/** The cluster or registry of a row, else the last word of its resource's id. */
export function huntRowName({ place, resource }: Pick<HuntRow, "place" | "resource">): string {
  return place.cluster ?? place.registry ?? resource.split("/").at(-1) ?? resource;
}

/** Why an answer can't be compared: rows that are not in it may be there all the same. */
export function cannotCompare({ missing, unknown }: HuntAnswer): HuntTrouble | undefined {
  return unknown ?? (missing > 0 ? "cut" : undefined);
}

/** The rows that a watch begins with. */
export function firstRows(answer: HuntAnswer): Pick<HuntWatch, "read" | "rows" | "never"> {
  return {
    read: answer.asOf,
    rows: Object.fromEntries(answer.value.map((row) => [markOf(row), seen(row)])),
    never: unreadOf(answer),
  };
}

/**
 * The watch after a reading, with what is to be posted. A row is gone where two readings of its subscription lack it; that
 * of a subscription which is no longer listed is forgotten. A reading that failed or was cut changes no row, and is
 * reported once, as is its end.
 */
export function compareHunt(watch: HuntWatch, outcome: HuntOutcome, at: string): HuntWatch {
  if ("trouble" in outcome) return withTrouble(watch, outcome, at);
  const { answer, about } = outcome;
  const cannot = cannotCompare(answer);
  if (cannot) return withTrouble({ ...watch, about }, { trouble: cannot, detail: "", passing: false }, at);
  if (answer.asOf <= watch.read) return watch;
  const isUnread = leftUnread(answer.unread, answer.listed);
  const listed = new Set(answer.listed.map((id) => id.toLowerCase()));
  const away = new Set<string>();
  const now = new Map(answer.value.map((row) => [markOf(row), row]));
  const rows: HuntWatch["rows"] = {};
  const gone: NamedRow[] = [];
  for (const [mark, row] of Object.entries(watch.rows)) {
    const { missing, ...known } = row;
    if (now.has(mark)) continue;
    if (isUnread(row.subscription)) rows[mark] = row;
    else if (!missing) rows[mark] = { ...known, missing: true };
    else if (!listed.has(row.subscription.toLowerCase())) away.add(row.subscription.toLowerCase());
    else gone.push({ name: row.name, subscription: row.subscription });
  }
  const appeared = answer.value.filter(
    (row) => watch.rows[markOf(row)] === undefined && !watch.never.includes(idOf(row)),
  );
  for (const [mark, row] of now) rows[mark] = seen(row);
  const { trouble, failures: _, ...rest } = watch;
  const next: HuntWatch = {
    ...rest,
    ...{ about, read: answer.asOf, rows },
    never: [...new Set([...watch.never.filter((id) => isUnread(id) || !listed.has(id)), ...away])],
  };
  const count = Object.keys(rows).length;
  if (appeared.length + gone.length > 0)
    next.pending = {
      ...{ kind: "rows", at, count, since: watch.read, columns: answer.columns },
      appeared: appeared.slice(0, mostNamed).map(namedRow),
      gone: gone.slice(0, mostNamed),
      counts: { appeared: appeared.length, gone: gone.length },
      ...(trouble && { again: true }),
    };
  else if (trouble) next.pending = { kind: "resolved", at, count };
  return next;
}

function withTrouble(
  watch: HuntWatch,
  { trouble, detail, passing }: Extract<HuntOutcome, { trouble: HuntTrouble }>,
  at: string,
): HuntWatch {
  const failures = (watch.failures ?? 0) + 1;
  if (watch.trouble !== undefined || (passing && failures < failuresBeforeNotice))
    return { ...watch, failures };
  const count = Object.keys(watch.rows).length;
  const pending = { kind: "trouble" as const, at, count, trouble, detail: detail.slice(0, 500) };
  return { ...watch, failures, trouble, pending };
}

function markOf({ id }: HuntRow): string {
  return createHash("sha256").update(id.toLowerCase()).digest("base64url").slice(0, 10);
}

const idOf = ({ place }: HuntRow) => place.subscription.id.toLowerCase();
const seen = (row: HuntRow) => ({ name: huntRowName(row).slice(0, 100), subscription: idOf(row) });
const namedRow = (row: HuntRow): NamedRow => ({
  name: huntRowName(row),
  subscription: row.place.subscription.name,
  cells: row.cells,
});
const unreadOf = ({ unread }: HuntAnswer) => unread.map(({ id }) => id.toLowerCase());
