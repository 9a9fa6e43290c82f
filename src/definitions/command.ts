import type { z } from "zod";
import type { Access } from "../domain/access.ts";
import type { AuditedAction } from "../domain/audit.ts";
import type { Language } from "../locales/language.ts";
import type { Form, Message } from "../message/message.ts";
import type { Ports } from "./ports.ts";

/** `person` is the identity of a human (`Person.identity`); rights are looked up again whenever they are used. */
export type Caller = {
  person: string;
  team: string;
  channel: string;
  channelName?: string;
  /** Set where the words were said in a thread, or below a message whose button was pressed. */
  thread?: string;
  language: Language;
  /** IANA name of the person's time zone. */
  timezone?: string;
  /** Of another organisation, met in a shared channel, or perhaps so: nothing is run for them. */
  stranger?: true | "unknown";
};

/** What a run gets besides the ports: who asks, in which language to answer, and the line as it was typed. */
export type Invocation = {
  caller: Caller;
  language: Language;
  /** ISO time at which the words were said. */
  at: string;
  line: string;
  /**
   * Names in the audit log what only the run knows, in place of the definition's `audit`; `no-change` says that what the
   * definition names was not done, since it was so already or can't be.
   */
  audit(action: AuditedAction | "no-change"): void;
};

/** A message, what still has to be asked, or (`post`) what is posted for all in the caller's channel before `answer`. */
export type Answer =
  | Message
  | { form: Form }
  | { modal: Message & { title: string } }
  | {
      post: Message;
      answer: Message;
      /** Called where nothing could be posted, so that it can be tried again. */
      failed?: () => Promise<void>;
    };

/** What a command changes outside the asker's sight; dispatch authorises, confirms and audits it. */
export type Effect =
  | "none"
  | {
      /** What is changed, in both languages: said in the confirmation and in the reference page. */
      changes: Record<Language, string>;
      /** How it is undone: a command line, or a sentence. */
      undo: Record<Language, string>;
      /** True where a button must be pressed before anything happens. */
      confirm: boolean;
    };

/** What holds with a flag, instead of the command's own `access` and `effect`. */
export type Changing = { access: Access; effect: Exclude<Effect, "none"> };

export type CommandDefinition<Schema extends z.ZodObject = z.ZodObject> = {
  texts: Record<Language, { summary: string; detail?: string }>;
  /** Command lines without `/defender`; a test runs each one. `<…>` in an example is filled in by the test. */
  examples: readonly string[];
  /**
   * Options by name, GNU style (`--fixable`, `--since 24h`). Keys listed in `positional` are taken from the plain
   * words in that order; the last one may be an array.
   */
  arguments: Schema;
  positional?: readonly (keyof z.infer<Schema> & string)[];
  /** One word for each argument and what it means, in both languages, for help and the reference page. */
  argumentTexts?: Partial<Record<keyof z.infer<Schema> & string, Record<Language, string>>>;
  access: Access;
  effect: Effect;
  /** What the audit log calls it. Without it, and where this fails, the log shows the command line. */
  audit?(args: z.infer<Schema>, ports: Ports): AuditedAction | undefined | Promise<AuditedAction | undefined>;
  /** Of a command that else only reads: flags that change something, and what holds with them. */
  changing?: Readonly<Record<string, Changing>>;
  /** Where `effect.confirm` is false: what has to be confirmed about these arguments all the same, if anything. */
  confirms?(
    args: z.infer<Schema>,
    ports: Ports,
    caller: Caller,
  ): Promise<Record<Language, string> | undefined>;
  /** "modal": an answer to a button is opened as a modal where a fresh trigger allows it. */
  shows?: "message" | "modal";
  /** True where these arguments will be answered with a form: it is opened at once, because a trigger lives 3 seconds. */
  asks?(args: z.infer<Schema>): boolean;
  /** Answers from what is stored, without reading Azure or a cluster: it waits for no turn, whatever else runs. */
  quick?: true | ((args: z.infer<Schema>, definitions: Ports["definitions"]) => boolean);
  /** Left out of the overview of `help`: buttons use it. */
  hidden?: boolean;
  /** Where it needs many files, it imports them itself: a start loads every definition, and what that imports. */
  run(args: z.infer<Schema>, ports: Ports, invocation: Invocation): Promise<Answer>;
};

/** Declares one subcommand of `/defender`; the file's name is its name. */
export function command<Schema extends z.ZodObject>(
  definition: CommandDefinition<Schema>,
): CommandDefinition<Schema> {
  return definition;
}
