import type { Exemption } from "../domain/exemptions.ts";

/** Requests to hide alerts or recommendations, and what became of them. */
export type ExemptionsPort = {
  get(id: string): Promise<Exemption | undefined>;
  add(exemption: Exemption): Promise<void>;
  /** As `RunsPort.change`: by a pure function, whose `undefined` leaves it as it is. */
  change(
    id: string,
    change: (exemption: Exemption) => Exemption | undefined,
  ): Promise<{ exemption: Exemption; changed: boolean } | undefined>;
  /** The oldest first. */
  list(): Promise<Exemption[]>;
  trim(now: string): Promise<void>;
};
