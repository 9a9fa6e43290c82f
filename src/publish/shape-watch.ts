import { z } from "zod";
import type { Ports } from "../definitions/ports.ts";
import { type Drift, driftsOf, rememberedShape, type ShapeReading } from "../domain/reading/drift.ts";

/** A reading is compared with the last one, however long ago within this time. */
const rememberSeconds = 35 * 86_400;

const numbers = z.record(z.string(), z.number());
const unplaced = z.object({ count: z.number(), of: z.number(), example: z.string() });
const remembered = z.object({
  shape: z.object({
    reader: z.string(),
    rows: z.number(),
    present: numbers,
    unplaced: z.record(z.string(), unplaced),
  }),
  open: z.array(z.string()),
});
type Remembered = z.infer<typeof remembered>;

/** Watches readings as they come, one of each reader at a time: what comes meanwhile is like it. */
export function shapeWatcher(
  ports: Parameters<typeof watchShape>[1],
  failed: (reader: string, error: unknown) => void,
): (shape: ShapeReading) => void {
  const busy = new Set<string>();
  return (shape) => {
    const { reader } = shape;
    if (busy.has(reader)) return;
    busy.add(reader);
    void watchShape(shape, ports)
      .catch((error: unknown) => failed(reader, error))
      .finally(() => busy.delete(reader));
  };
}

/**
 * Compares what a reader could place with its last reading, and tells the admin of each change of shape once, and once
 * more when it is over. Every reader that counts calls this at the end of a reading.
 */
export async function watchShape(
  now: ShapeReading,
  { store, trouble }: { store: Pick<Ports["store"], "once">; trouble: Ports["trouble"] },
): Promise<Drift[]> {
  const key = `shape:${now.reader}`;
  const last = await store.once.peek(key, remembered);
  const drifts = driftsOf(last?.shape, now);
  const names = drifts.map((drift) => nameOf(now.reader, drift));
  for (const [index, drift] of drifts.entries()) {
    const { field, kind, count, of, example } = drift;
    const numbers = kind === "vanished" ? `0 / ${of} (${count})` : `${count} / ${of}`;
    await trouble.tell({
      what: names[index]!,
      kind: kind === "vanished" ? "field-vanished" : "unplaced",
      name: `${now.reader} · ${field}`,
      detail: [numbers, example].filter(Boolean).join(" · "),
    });
  }
  for (const name of last?.open ?? []) if (!names.includes(name)) await trouble.resolved(name);
  const next: Remembered = { shape: rememberedShape(last?.shape, now), open: names };
  await store.once.keep(key, next, rememberSeconds);
  return drifts;
}

function nameOf(reader: string, { field, kind }: Drift): string {
  return `drift:${reader}:${kind}:${field}`;
}
