import { z } from "zod";
import type { StoredKind } from "../../domain/stored-kind.ts";
import type { ValueFormat } from "./stored-value.ts";

export const time = z.string().refine((text) => Number.isFinite(Date.parse(text)), "not a time");
export const count = z.number().int().nonnegative();
export const words = z.array(z.string());

/** The value without its version; the type is that of our own code, which wrote it. */
export function format<T>(
  kind: StoredKind,
  shape: z.ZodRawShape,
  more?: Partial<ValueFormat<T>>,
): ValueFormat<T> {
  const schema = z.looseObject(shape).transform(({ v: _, ...value }) => value as T);
  return { kind, schema, ...more };
}

/** The same, where the version is part of our own type. */
export function withVersion<T>(kind: StoredKind, shape: z.ZodRawShape): ValueFormat<T> {
  const schema = z.looseObject({ v: z.number(), ...shape }).transform((value) => value as T);
  return { kind, schema };
}
