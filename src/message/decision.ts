import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import { commandLine } from "./line.ts";
import type { Part, Sentence } from "./message.ts";

const say = sentences({
  en: {
    asked: "Requested by {{who}}.",
    approved: "Requested by {{who}}, approved by {{approver}}.",
    refused: "Requested by {{who}}, refused by {{approver}}.",
    approvers: "An approver other than {{who}} must decide by {{until}}.",
    approve: "Approve",
    refuse: "Refuse",
    "confirm-title": "Approve?",
    yes: "Approve",
    no: "Cancel",
  },
  ja: {
    asked: "申請: {{who}}。",
    approved: "申請: {{who}}、承認: {{approver}}。",
    refused: "申請: {{who}}、却下: {{approver}}。",
    approvers: "{{who}} 以外の承認者が {{until}} までに判断してください。",
    approve: "承認",
    refuse: "却下",
    "confirm-title": "承認しますか?",
    yes: "承認する",
    no: "キャンセル",
  },
});

type Requested = { requester: string; approver?: string; refusedBy?: string };

/** Who requested something, and who decided on it. */
export function peopleSentence({ requester, approver, refusedBy }: Requested, language: Language): Sentence {
  const decider = refusedBy ?? approver;
  const key = refusedBy ? "refused" : approver ? "approved" : "asked";
  const people = { who: { person: requester }, ...(decider && { approver: { person: decider } }) };
  return say(language).rich(key, people);
}

/**
 * Who must decide on a request until when, with the buttons.
 * @param confirmation what happens on approval, asked before it does
 */
export function decisionParts(
  one: Requested & { id: string; code: string; approvable: string },
  confirmation: string,
  language: Language,
): Part[] {
  const words = say(language);
  const who = { person: one.requester };
  const until = { time: one.approvable, style: "clock" as const };
  const line = (decision: string) => commandLine(["approval", one.id, one.code, decision]);
  const confirm = {
    title: words("confirm-title"),
    text: confirmation,
    yes: words("yes"),
    no: words("no"),
  };
  return [
    { sentence: words.rich("approvers", { who, until }) },
    {
      actions: [
        { label: words("approve"), line: line("approve"), style: "primary", confirm },
        { label: words("refuse"), line: line("refuse"), style: "danger" },
      ],
    },
  ];
}

/** Why something failed, in the reader's language where it is known in it. */
export function failureText({ said, ja }: { said: string; ja?: string }, language: Language): string {
  return language === "ja" ? (ja ?? said) : said;
}
