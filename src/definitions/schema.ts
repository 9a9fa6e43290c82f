import type { z } from "zod";
import { type ArgumentWords, argumentWords } from "./arguments.ts";

/** What the command line and the help need to know of one argument's schema. */
export type ArgumentShape = {
  name: string;
  /** A switch that takes no value. */
  flag: boolean;
  /** May be given several times. */
  list: boolean;
  required: boolean;
  words?: ArgumentWords;
  /** The value where none is given. */
  fallback?: unknown;
};

type AnySchema = z.ZodType & { def: { innerType?: AnySchema; element?: AnySchema; type: string } };

/** The arguments of a schema, in the order of its keys. */
export function argumentShapes(schema: z.ZodObject): ArgumentShape[] {
  return Object.entries(schema.shape).map(([name, field]) => shapeOf(name, field as unknown as AnySchema));
}

function shapeOf(name: string, field: AnySchema): ArgumentShape {
  let core = field;
  let list = false;
  let words = argumentWords.get(core);
  // Optional, default, nullable and array schemas wrap the one that says what a value is.
  for (let inner = within(core); inner && !words; inner = within(core)) {
    list ||= core.def.type === "array";
    core = inner;
    words = argumentWords.get(core);
  }
  const none = field.safeParse(undefined);
  const fallback = none.success && none.data !== undefined ? none.data : undefined;
  return { name, flag: core.def.type === "boolean", list, required: !none.success, words, fallback };
}

function within(schema: AnySchema): AnySchema | undefined {
  return schema.def.innerType ?? schema.def.element;
}
