import type { Enablement } from "../domain/enablement/enablement.ts";
import type { Exemption } from "../domain/exemptions/exemptions.ts";

/** Requests that someone else approves, and what became of them: suppressions and exemptions, and what `enable` asks for. */
export type RequestsPort<One> = {
  get(id: string): Promise<One | undefined>;
  add(one: One): Promise<void>;
  /** As `RunsPort.change`: by a pure function, whose `undefined` leaves it as it is. */
  change(
    id: string,
    change: (one: One) => One | undefined,
  ): Promise<{ one: One; changed: boolean } | undefined>;
  /** The oldest first. */
  list(): Promise<One[]>;
  trim(now: string): Promise<void>;
};

export type ExemptionsPort = RequestsPort<Exemption>;
export type EnablementsPort = RequestsPort<Enablement>;
