import { readAlerts } from "../alerts/read.ts";
import type { Read } from "../domain/reading/reading.ts";
import { UserError } from "../errors.ts";
import type { Azure, ComplianceAzure, SimulationAzure } from "../ports/azure.ts";
import type { Readings, Shared, SharedKind, SharedKinds, Wanted } from "../ports/readings.ts";
import type { Store } from "../ports/store.ts";
import { type Age, type SharedDeps, type SharedReading, sharedReading } from "./shared-reading.ts";

/** Alerts change by the minute, switches by the day. */
const ages: Record<SharedKind, Age> = {
  alerts: { freshSeconds: 10, usableSeconds: 60 },
  // Defender assesses standards twice a day.
  compliance: { freshSeconds: 300, usableSeconds: 900 },
  coverage: { freshSeconds: 60, usableSeconds: 300 },
  recommendations: { freshSeconds: 60, usableSeconds: 300 },
  targets: { freshSeconds: 30, usableSeconds: 60 },
};

/** What `--fresh` may cost: a new reading of a kind for everyone, and one for each person. */
const forced = { kindSeconds: 15, personSeconds: 60 };

const tooOften = {
  en: "You asked for a new reading less than a minute ago. Without --fresh, you get the latest one, with its time.",
  ja: "1 分以内に再読み取りが要求されています。--fresh を付けなければ、直近の読み取り結果が時刻とともに表示されます。",
};

type Deps = Omit<SharedDeps, "store"> & {
  azure: Azure & Pick<ComplianceAzure, "compliance"> & Pick<SimulationAzure, "targets">;
  store: Pick<Store, "readings" | "once">;
};

/** The readings of the estate that everyone shares, whatever the scopes of those who ask. */
export function readingsPort(deps: Deps): Readings {
  const { azure, clock, store } = deps;
  const kindOf = <Kind extends SharedKind>(kind: Kind, read: () => Promise<Read<SharedKinds[Kind]>>) => {
    const whole = async () => {
      const [estate, answer] = await Promise.all([azure.subscriptions(), read()]);
      return { ...answer, estate: estate.value.map(({ id, name }) => ({ id, name })) };
    };
    const shared = sharedReading(kind, whole, ages[kind], deps);
    return ({ freshFor, since }: Wanted = {}) => {
      if (freshFor !== undefined) return anew(shared, freshFor);
      return since === undefined ? shared.usual() : shared.from(since);
    };
  };

  async function anew<Kind extends SharedKind>(
    shared: SharedReading<Kind>,
    person: string,
  ): Promise<Shared<SharedKinds[Kind]>> {
    const asked = clock.now();
    const recent = new Date(Date.parse(asked) - forced.kindSeconds * 1000).toISOString();
    const recentOne = await shared.since(recent);
    if (recentOne) return recentOne;
    if (!(await store.once.first(`fresh:${person}`, forced.personSeconds))) throw new UserError(tooOften);
    return shared.from(asked);
  }

  return {
    alerts: kindOf("alerts", () => readAlerts(azure, undefined)),
    compliance: kindOf("compliance", () => azure.compliance()),
    coverage: kindOf("coverage", () => azure.coverage()),
    recommendations: kindOf("recommendations", async () => {
      const { value: assessments, unassessed, scores, ...read } = await azure.assessments();
      return { ...read, value: { assessments, unassessed, scores } };
    }),
    targets: kindOf("targets", () => azure.targets()),
    // What was changed is changed: not being able to say so must not make a failure of it.
    outdate: (kind) =>
      store.readings
        .outdate(kind, clock.now())
        .catch((err: unknown) => deps.log.warn({ kind, err }, "a reading could not be outdated")),
  };
}
