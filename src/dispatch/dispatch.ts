import type { Answer, CommandDefinition } from "../definitions/command.ts";
import type { Ports } from "../definitions/ports.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import type { Message } from "../message/message.ts";
import { missingMessage } from "../message/missing.ts";
import { plainText } from "../message/plain.ts";
import { type FairTurns, fairTurns } from "../text/fair-turns.ts";
import { endingOf, refusalMessage } from "./answer-errors.ts";
import { type AuditedRun, begin, record, unauditedMessage, withdraw } from "./auditing.ts";
import { type ParsedLine, parseLine } from "./command-line.ts";
import { askToConfirm, isConfirmed, staleMessage } from "./confirmation.ts";
import { pressedOnce, twiceMessage } from "./double-press.ts";
import type { Incoming } from "./incoming.ts";
import { notShared, postFor, withShareButton } from "./sharing.ts";
import { refusesStranger } from "./strangers.ts";
import { showingWork } from "./working.ts";

type Outcome =
  | "done"
  | "form"
  | "help"
  | "confirm"
  | "refused"
  | "repeated"
  | "user-error"
  | "upstream-error"
  | "bug"
  | "unanswered";
type Run = AuditedRun & {
  incoming: Incoming;
  loading: boolean;
  turn: <T>(work: () => Promise<T>) => Promise<T>;
};

const say = sentences({
  en: {
    title: "Breakwater",
  },
  ja: {
    title: "Breakwater",
  },
});

/** Commands that read, at the same time in one process: of all people, and of one person. */
const atOnce = { total: 8, each: 2 };

/**
 * The one way in: slash text, mention, button, modal and shortcut become a command line and are parsed, authorised,
 * confirmed, run, answered, audited and counted here.
 * @returns a function that never throws: what cannot even be answered is logged
 */
export function dispatcher(ports: Ports): (incoming: Incoming) => Promise<void> {
  const turns = fairTurns(atOnce);
  return async (incoming) => {
    const started = performance.now();
    const { command, outcome } = await dispatch(ports, turns, incoming).catch((error: unknown) => {
      ports.log.error({ err: error, source: incoming.source }, "an answer could not be given");
      return { command: "unknown", outcome: "unanswered" as const };
    });
    ports.metrics.count("commands_total", { command, outcome });
    ports.metrics.observe("command_seconds", (performance.now() - started) / 1000, { command });
  };
}

type Ended = { command: string; outcome: Outcome };

async function dispatch(ports: Ports, turns: FairTurns, incoming: Incoming): Promise<Ended> {
  const { caller, reply, line } = incoming;
  if (await refusesStranger(ports, incoming)) return { command: "unknown", outcome: "refused" };
  let parsed: ParsedLine;
  try {
    parsed = parseLine(line, ports.definitions.commands);
  } catch (error) {
    const ending = endingOf(error, caller.language, ports.log, { source: incoming.source });
    await reply.answer(ending.message);
    return { command: "unknown", outcome: ending.outcome };
  }
  const command = parsed.name;
  const { shows, asks } = parsed.definition;
  const quick = isQuick(parsed, ports);
  const asking = asks?.(parsed.args) === true;
  const opens = (shows === "modal" && incoming.source === "button") || asking;
  // First of all: looking up the rights may outlast the trigger.
  const loading = opens && (await reply.openLoading(say(caller.language)("title")));
  // A form has to be there at once, and what is stored is there at once.
  const turn: Run["turn"] = quick || asking ? (work) => work() : (work) => turns.run(caller.person, work);
  const run: Run = { incoming, parsed, loading, at: ports.clock.now(), recorded: false, turn };
  try {
    return { command, outcome: await perform(ports, run) };
  } catch (error) {
    const about = { command, source: incoming.source, person: caller.person };
    const ending = endingOf(error, caller.language, ports.log, about);
    await record(ports, run, ending.outcome === "user-error" ? "refused" : "failed", ending.detail);
    const unanswered = await show(run, ending.message).then(
      () => undefined,
      (err: unknown) => err ?? "unknown",
    );
    if (!unanswered) return { command, outcome: ending.outcome };
    ports.log.error({ ...about, err: unanswered }, "an answer could not be given");
    return { command, outcome: "unanswered" };
  }
}

function isQuick({ definition: { quick }, args }: ParsedLine, { definitions }: Ports): boolean {
  return typeof quick === "function" ? quick(args, definitions) : quick === true;
}

/** Authorise, confirm, run, answer, in this order. */
async function perform(ports: Ports, run: Run): Promise<Outcome> {
  const { incoming, parsed } = run;
  const { caller } = incoming;
  const { definition } = parsed;
  const right = await ports.rights.may(caller.person, definition.access);
  if (!right.allowed) {
    await record(ports, run, "refused", right.why.en, true);
    await show(run, refusalMessage(right.why, caller.language), true);
    return "refused";
  }
  const { effect } = definition;
  const changes = effect === "none" ? undefined : await toConfirm(ports, run, effect);
  if (effect !== "none" && changes) {
    const { line } = parsed;
    const asked = { person: caller.person, channel: caller.channel, line };
    if (parsed.confirmed === undefined) {
      const about = { ...asked, effect: { ...effect, changes }, language: caller.language };
      await show(run, await askToConfirm(ports.store.once, about));
      return "confirm";
    }
    if (!(await isConfirmed(ports.store.once, parsed.confirmed, asked))) {
      await record(ports, run, "refused", "the confirmation does not fit");
      await show(run, staleMessage(line, caller.language));
      return "refused";
    }
  }
  if (effect === "none") return carryOut(ports, run);
  const outcome = await pressedOnce(ports, run, () => carryOut(ports, run));
  if (outcome === undefined) await show(run, twiceMessage(caller.language));
  return outcome ?? "repeated";
}

/** Audits beforehand what changes something, runs it and answers. */
async function carryOut(ports: Ports, run: Run): Promise<Outcome> {
  const { definition, args, line } = run.parsed;
  const { caller } = run.incoming;
  if (definition.effect !== "none" && !(await begin(ports, run))) {
    await show(run, unauditedMessage(caller.language));
    return "upstream-error";
  }
  const answer = await patiently(run, () =>
    definition.run(args, ports, {
      caller,
      language: caller.language,
      at: run.at,
      line,
      audit: (action) => {
        run.audited = action === "no-change" ? run.audited && { ...run.audited, verb: action } : action;
      },
    }),
  );
  return give(ports, run, answer);
}

/** What a button has to confirm first; a token that is given is always checked. */
async function toConfirm(
  ports: Ports,
  run: Run,
  { confirm, changes }: Exclude<CommandDefinition["effect"], "none">,
): Promise<Record<Language, string> | undefined> {
  const { definition, args, confirmed } = run.parsed;
  if (confirm || confirmed !== undefined) return changes;
  return patiently(run, async () => definition.confirms?.(args, ports, run.incoming.caller));
}

/** Runs when it is the person's turn, and says meanwhile that it is working. */
async function patiently<T>({ incoming, parsed, loading, turn }: Run, work: () => Promise<T>): Promise<T> {
  const line = parsed.definition.hidden ? undefined : parsed.line;
  return loading ? turn(work) : showingWork(() => turn(work), { ...incoming, line });
}

async function give(ports: Ports, run: Run, answer: Answer): Promise<Outcome> {
  const { reply, caller } = run.incoming;
  const { language } = caller;
  if ("form" in answer) {
    await withdraw(ports, run);
    if (!(await reply.form(answer.form))) await show(run, missingMessage(answer.form, language));
    return "form";
  }
  if ("modal" in answer) {
    await record(ports, run, "done", plainText(answer.modal.headline, language));
    if (run.loading && (await reply.modal(answer.modal))) return "done";
    await reply.answer(await shareable(ports, run, answer.modal), {
      private: isPrivate(run.parsed.definition),
    });
    return "done";
  }
  const message = "post" in answer ? await postFor(reply.post, answer, ports.log) : answer;
  await record(ports, run, "done", plainText(message.headline, language));
  await show(run, "post" in answer ? message : await shareable(ports, run, message));
  return run.parsed.name === "help" ? "help" : "done";
}

/** Answers that only the asker sees can be shared, unless not everybody may ask for them. */
async function shareable(ports: Ports, run: Run, message: Message): Promise<Message> {
  const { incoming, parsed } = run;
  const quiet = incoming.source === "button" && parsed.definition.effect !== "none";
  if (incoming.source === "mention" || run.loading || quiet || isPrivate(parsed.definition)) return message;
  const { person, language } = incoming.caller;
  const about = { person, language, line: parsed.line };
  return withShareButton(message, ports.store.once, about).catch((error: unknown) => {
    ports.log.warn({ err: error }, "an answer could not be kept for sharing");
    return notShared(message, "unkept", language);
  });
}

async function show(run: Run, message: Message, discreet = isPrivate(run.parsed.definition)): Promise<void> {
  const { reply, caller } = run.incoming;
  const title = say(caller.language)("title");
  if (run.loading && (await reply.modal({ title, ...message }))) return;
  await reply.answer(message, { private: discreet });
}

const isPrivate = ({ access }: CommandDefinition) => access !== "anyone" && access !== "member";
