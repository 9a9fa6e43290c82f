import type { EstateSize } from "./bed.ts";
import type { Figure } from "./figure.ts";
import {
  type LoadBed,
  largest,
  memoryLimit,
  once,
  openLoadBed,
  type Seen,
  tenth,
  whole,
} from "./load/bed.ts";
import { beside, subscribed } from "./load/beside.ts";
import { costOf, growth } from "./load/growth.ts";
import { slowStatus } from "./load/slow.ts";
import { coldAndWarm, helpBeside, statusTogether } from "./load/together.ts";

/** What many people at once cost, in an estate of 3,000 clusters behind Azure's own quota. */
export async function load(): Promise<Figure[]> {
  const small = await within(tenth, (bed) => costOf(bed));
  const large = await within(whole, async (bed) => ({
    figures: [
      ...(await statusTogether(bed)),
      ...(await coldAndWarm(bed, "recommendations")),
      ...(await helpBeside(bed)),
      ...(await beside(bed)),
      ...(await slowStatus(bed)),
    ],
    cost: await costOf(bed),
    seen: bed.seen,
  }));
  const most = await within(largest, async (bed) => [
    ...(await coldAndWarm(bed, "recommendations", { of: "load-largest", pairs: 1 })),
    ...(await coldAndWarm(bed, "status")),
  ]);
  return [...large.figures, ...most, ...growth(small, large.cost), ...totals(large.seen)];
}

async function within<T>(estate: EstateSize, measure: (bed: LoadBed) => Promise<T>): Promise<T> {
  const bed = await openLoadBed(estate, subscribed);
  try {
    return await measure(bed);
  } finally {
    await bed.close();
  }
}

function totals({ refused, peak }: Seen): Figure[] {
  return [
    once("load-refused", 0, refused, { bound: "answers 429 of Resource Graph in all of it" }),
    once("load-memory", memoryLimit, peak, {
      unit: "MB",
      bound: "highest resident memory of these processes; one that needs more is killed",
    }),
  ];
}
