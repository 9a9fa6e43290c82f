import type { Severity } from "../domain/severity.ts";

/**
 * The vocabulary of a message: plain data, no Slack. Every string in it is literal text: `src/slack/` escapes it, so
 * untrusted text needs no care here. Only `src/slack/` turns a message into Block Kit, within Slack's limits.
 */

/** A piece of a sentence. A plain string is literal text; nothing in it is ever parsed. */
export type Inline =
  | string
  | { strong: string }
  | { code: string }
  | { link: string; url: string }
  /** ISO time, shown in the reader's own time zone. */
  | { time: string; style?: "clock" | "day" | "full" }
  /** Slack ids; a person is named without being notified. */
  | { person: string }
  | { channel: string };

export type Sentence = Inline | readonly Inline[];

/** A button. Pressing it types this command line for the person who presses; the line is at most 2,000 characters. */
export type Button =
  | {
      label: string;
      line: string;
      style?: "primary" | "danger";
      /** Asked before the line is run. */
      confirm?: { title: string; text: string; yes: string; no: string };
    }
  | { label: string; url: string };

export type MenuOption = { label: string; line: string } | { label: string; url: string };

/** A menu types the line of the option that is chosen: `overflow` is ⋯ with 2 to 5 options, `select` a list of up to 100. */
export type Menu = { label: string; menu: "overflow" | "select"; options: MenuOption[] };

export type Action = Button | Menu;

export type Cell = string | { number: number; text?: string } | { link: string; url: string };

export type Table = {
  table: {
    caption: string;
    columns: { label: string; align?: "right" }[];
    rows: Cell[][];
    /** Rows that exist, where more than are given here. */
    total?: number;
    pageSize?: number;
  };
};

export type Chart = {
  chart: {
    title: string;
    kind: "line" | "bar" | "area" | "pie";
    /** Categories along the axis, at most 20; a pie takes the first series only. */
    categories: string[];
    series: { name: string; values: number[] }[];
    unit?: string;
  };
};

/** `csv`: rows of cells, the first is the header; quoting is the compiler's work. Names are dated, never replaced. */
export type File = { file: { name: string; title: string; csv: readonly (readonly (string | number)[])[] } };

/** A file for another program: `json` is written as it is. */
export type Document = { document: { name: string; title: string; json: object } };

export type Part =
  | { sentence: Sentence }
  | { note: Sentence }
  | { facts: [label: string, value: Sentence][] }
  | { list: Sentence[] }
  /** Untrusted text of any length, shown as a quotation, cut where it is too long. */
  | { quote: string }
  /** Commands to copy, in a code block. */
  | { code: string }
  | { progress: { done: number; total: number; label: string } }
  | { actions: Action[] }
  | { divider: true }
  | Table
  | Chart
  | File
  | Document;

export type Message = {
  /** The answer in one line: the first line, and the fallback that notifications and screen readers read. */
  headline: Sentence;
  /** The sign before the headline; a severity has its own. */
  tone?: "good" | "bad" | "warning" | "neutral" | Severity;
  parts: Part[];
  /** What follows in the thread of this message, in order. In an answer without a thread: below it. */
  thread?: Message[];
};

/** A form: what a command still has to ask. Submitting it types `line` with the values added as `--name value`. */
export type Form = {
  title: string;
  line: string;
  intro?: Sentence;
  submit: string;
  cancel: string;
  fields: FormField[];
};

export type FormField = {
  name: string;
  label: string;
  hint?: string;
  optional?: boolean;
} & (
  | { kind: "text"; multiline?: boolean; maxLength?: number }
  | { kind: "choice"; options: { label: string; value: string }[] }
);
