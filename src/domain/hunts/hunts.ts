import type { Read } from "../reading/reading.ts";
import type { Located } from "../scope/scope.ts";
import type { Severity } from "../severity.ts";

/** A language of a hunt's texts. */
type Spoken = "en" | "ja";

/** What a hunt says of itself, in one language. */
export type HuntTexts = {
  title: string;
  question: string;
  explanation: string;
  action: string;
  limit?: string;
};

/** A risk query: one `.kql` file, its leading comment lines and its query. */
export type Hunt = {
  name: string;
  texts: Record<Spoken, HuntTexts>;
  severity: Exclude<Severity, "unknown" | "informational">;
  /** Actions in Azure beyond those that every reading needs. */
  needs: string[];
  /** Reads details of CVEs, which exist at the scope of a tenant or management group only. */
  details: boolean;
  /** Has a place for the id of a CVE. */
  parameter?: "cve";
  /** Lines as in the file, comments left empty: a line that Resource Graph names is the file's. */
  query: string;
  /** A file of the operator's. */
  own: boolean;
};

/** What is wrong with a file, at a line of it. */
export type HuntProblem = { file: string; line: number; problem: string };

const severities = ["critical", "high", "medium", "low"] as const satisfies readonly Hunt["severity"][];
const texts = ["title", "question", "explanation", "action", "limit"] as const;
const longestText = 600;
const longestFile = 30_000;

/** Tabular operators of Resource Graph that page [Resource Graph docs, supported operators and pagination]. */
const operators = [
  "where",
  "extend",
  "project",
  "project-away",
  "summarize",
  "join",
  "union",
  "mv-expand",
  "mvexpand",
  "distinct",
  "parse",
  "order",
  "sort",
];

/**
 * Reads a hunt from its file: `// title.en: …`, `// title.ja: …` and so on, then the query. Strict: unknown and repeated
 * keys are refused. A text that has one language only is shown in it to everyone.
 */
export function parseHunt(
  file: string,
  text: string,
  own: boolean,
): { hunt: Hunt } | { problem: HuntProblem } {
  const at = (line: number, problem: string) => ({ problem: { file, line, problem } });
  const name = file.replace(/\.kql$/, "");
  if (!/^[a-z0-9][a-z0-9-]{0,49}$/.test(name))
    return at(1, "the file's name must be small letters, digits and hyphens, at most 50, before .kql");
  if (text.length > longestFile) return at(1, `is longer than ${longestFile} characters`);
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const header = new Map<string, { line: number; value: string }>();
  for (const [index, line] of lines.entries()) {
    const [, key = "", value = ""] = /^\/\/ ?([a-z]+(?:\.[a-z]+)?):(.*)$/.exec(line) ?? [];
    if (key === "") {
      if (/^\s*(\/\/.*)?$/.test(line)) continue;
      break;
    }
    if (!keys.has(key)) return at(index + 1, `unknown key "${key}": use ${[...keys].join(", ")}`);
    if (header.has(key)) return at(index + 1, `"${key}" is there twice`);
    if (value.trim() === "" || value.length > longestText)
      return at(index + 1, `"${key}" must have 1 to ${longestText} characters`);
    header.set(key, { line: index + 1, value: value.trim() });
  }
  const said = (key: string) => header.get(key)?.value;
  const missing = texts.find((key) => key !== "limit" && !said(`${key}.en`) && !said(`${key}.ja`));
  if (missing) return at(1, `a line "// ${missing}.en: …" or "// ${missing}.ja: …" is missing`);
  const severity = severities.find((word) => word === said("severity"));
  if (!severity)
    return at(header.get("severity")?.line ?? 1, `"severity" must be one of ${severities.join(", ")}`);
  for (const [key, only] of Object.entries({ details: "cve", parameter: "cve" }))
    if (header.has(key) && said(key) !== only)
      return at(header.get(key)!.line, `"${key}" can only be "${only}"`);
  const query = lines.map((line) => (/^\s*\/\//.test(line) ? "" : line)).join("\n");
  const wrong = queryProblem(query, said("parameter") === "cve");
  if (wrong) return at(wrong.line, wrong.problem);
  return {
    hunt: {
      name,
      texts: { en: textsIn("en", said), ja: textsIn("ja", said) },
      severity,
      needs: (said("needs") ?? "").split(/[,\s]+/).filter(Boolean),
      details: header.has("details"),
      ...(header.has("parameter") && { parameter: "cve" }),
      query,
      own,
    },
  };
}

const keys = new Set([
  ...texts.flatMap((key) => [`${key}.en`, `${key}.ja`]),
  "severity",
  "needs",
  "details",
  "parameter",
]);

function textsIn(language: Spoken, said: (key: string) => string | undefined): HuntTexts {
  const other = language === "en" ? "ja" : "en";
  const text = (key: string) => said(`${key}.${language}`) ?? said(`${key}.${other}`) ?? "";
  const limit = text("limit");
  const [title, question] = [text("title"), text("question")];
  return {
    title,
    question,
    explanation: text("explanation"),
    action: text("action"),
    ...(limit && { limit }),
  };
}

/**
 * What can be seen without Azure: quotes and brackets that aren't closed, operators that Resource Graph doesn't have or
 * that stop its paging, and what every answer needs. The rest Resource Graph says itself, with the line.
 */
function queryProblem(query: string, bound: boolean): { line: number; problem: string } | undefined {
  const { plain, open } = withoutStrings(query);
  if (open) return open;
  const lineOf = (index: number) => plain.slice(0, index).split("\n").length;
  const first = plain.search(/\S/);
  if (first < 0) return { line: 1, problem: "there is no query" };
  for (const { 1: word = "", index } of plain.matchAll(/\|\s*([a-z-]*)/gi))
    if (!operators.includes(word.toLowerCase()))
      return {
        line: lineOf(index),
        problem: `"| ${word}" is not supported here: use ${operators.join(", ")}`,
      };
  const semicolon = plain.indexOf(";");
  if (semicolon >= 0) return { line: lineOf(semicolon), problem: "only a single statement is supported" };
  if (!/\|\s*project\s+id\b/i.test(plain))
    return {
      line: lineOf(first),
      problem: 'a "| project id, …" is missing: rows are identified by their id',
    };
  if (!/\|\s*(order|sort)\s+by\s+id\s+asc\s*$/i.test(plain))
    return {
      line: lineOf(plain.trimEnd().length),
      problem: 'must end with "| order by id asc": pages need an order',
    };
  const places = query.split("'CVE-0000-0000'").length - 1;
  if (places !== (bound ? 1 : 0))
    return {
      line: lineOf(first),
      problem: "\"// parameter: cve\" goes with exactly one 'CVE-0000-0000' in the query",
    };
}

const closing: Record<string, string> = { "(": ")", "[": "]", "{": "}" };

/** The query with the insides of strings blanked, or the line of a quote or bracket that has no counterpart. */
function withoutStrings(query: string): { plain: string; open?: { line: number; problem: string } } {
  const brackets: { wanted: string; line: number }[] = [];
  let [plain, line, quote, at] = ["", 1, "", 1];
  for (let index = 0; index < query.length; index++) {
    const letter = query[index]!;
    if (letter === "\n") {
      if (quote) return { plain, open: { line: at, problem: `a string ${quote}… is not closed` } };
      line++;
    }
    if (quote) {
      if (letter === "\\") index++;
      else if (letter === quote) quote = "";
      continue;
    }
    if (letter === "'" || letter === '"') [quote, at] = [letter, line];
    else if (closing[letter]) brackets.push({ wanted: closing[letter], line });
    else if (")]}".includes(letter) && brackets.pop()?.wanted !== letter)
      return { plain, open: { line, problem: `"${letter}" closes nothing` } };
    plain += letter;
  }
  const left = brackets.at(-1);
  if (quote) return { plain, open: { line: at, problem: `a string ${quote}… is not closed` } };
  if (left) return { plain, open: { line: left.line, problem: `"${left.wanted}" is missing` } };
  return { plain };
}

/** One row of a hunt. `cells`: its columns but id, resource and subscription, bounded. */
export type HuntRow = {
  id: string;
  resource: string;
  place: Located;
  cells: Record<string, string | number>;
};

/**
 * What a hunt answered. `listed`: ids of the subscriptions there are. `missing`: rows that exist and were not read.
 * `unknown`: it cannot be answered, and why.
 */
export type HuntAnswer = Read<HuntRow[]> & {
  columns: string[];
  listed: string[];
  missing: number;
  unknown?: "cve-details";
};
