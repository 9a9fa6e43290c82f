import type { Caller } from "../definitions/command.ts";
import type { Ports } from "../definitions/ports.ts";
import type { AuditedAction } from "../domain/audit.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import type { Message } from "../message/message.ts";
import type { ParsedLine } from "./command-line.ts";

type AuditEntry = Parameters<Ports["store"]["audit"]["append"]>[0];

/** A line that is run, and what the audit log has of it. */
export type AuditedRun = {
  incoming: { source: string; caller: Caller };
  parsed: ParsedLine;
  at: string;
  /** An answer that cannot be delivered must not make a failure of what was done. */
  recorded: boolean;
  /** What it does in words; set by the run itself or, before that, from the definition. */
  audited?: AuditedAction;
  /** What was put into the audit log before the command ran. */
  begun?: string;
};

const say = sentences({
  en: {
    unaudited: "Nothing was changed: the audit log can't be written (Redis)",
    why: "Changes are made only when they can be recorded. {{line}} has the details.",
  },
  ja: {
    unaudited: "監査ログ (Redis) に書き込めないため、何も変更していません",
    why: "変更は、記録できる場合にだけ実行します。詳細は {{line}} で確認できます。",
  },
});

/** Puts down what is about to be changed; false where that fails: what cannot be recorded is not done. */
export async function begin(ports: Ports, run: AuditedRun): Promise<boolean> {
  const entry = await entryOf(ports, run, "started");
  try {
    run.begun = await ports.store.audit.begin(entry);
    return true;
  } catch (error) {
    ports.log.error(
      { err: error, entry: { ...entry, outcome: "refused" } },
      "the audit log could not be written",
    );
    return false;
  }
}

/** Takes back what was put down: a form was opened, and nothing was changed. */
export async function withdraw({ store, log }: Ports, { begun }: AuditedRun): Promise<void> {
  if (begun === undefined) return;
  await store.audit.withdraw(begun).catch((error: unknown) => {
    log.warn({ err: error }, "an entry of the audit log could not be taken back");
  });
}

/** Records in the audit log what changed something, or was refused. */
export async function record(
  ports: Ports,
  run: AuditedRun,
  outcome: AuditEntry["outcome"],
  detail: string,
  always = false,
): Promise<void> {
  if (run.recorded || (run.parsed.definition.effect === "none" && !always)) return;
  run.recorded = true;
  const entry = await entryOf(ports, run, outcome, detail);
  await ports.store.audit.append(entry, run.begun).catch((error: unknown) => {
    ports.log.error({ err: error, entry }, "the audit log could not be written");
  });
}

export function unauditedMessage(language: Language): Message {
  const words = say(language);
  const why = words.rich("why", { line: { code: "/defender doctor" } });
  return { headline: words("unaudited"), tone: "bad", parts: [{ sentence: why }] };
}

async function entryOf(
  ports: Ports,
  run: AuditedRun,
  outcome: AuditEntry["outcome"],
  detail?: string,
): Promise<AuditEntry> {
  const { incoming, parsed, at } = run;
  run.audited ??= await actionOf(ports, parsed);
  const { effect, positional } = parsed.definition;
  const target = positional?.[0] === undefined ? undefined : parsed.args[positional[0]];
  return {
    at,
    person: incoming.caller.person,
    channel: incoming.caller.channel,
    source: incoming.source,
    line: parsed.line,
    command: parsed.name,
    action: effect === "none" ? "read" : effect.changes.en,
    ...(run.audited && { audited: run.audited }),
    target: typeof target === "string" ? target : undefined,
    outcome,
    ...(detail !== undefined && { detail }),
  };
}

/** A look-up that fails costs the words only: the entry has the line. */
async function actionOf(ports: Ports, { definition, args }: ParsedLine): Promise<AuditedAction | undefined> {
  try {
    return await definition.audit?.(args, ports);
  } catch (error) {
    ports.log.warn({ err: error }, "what an entry of the audit log is about could not be looked up");
    return undefined;
  }
}
