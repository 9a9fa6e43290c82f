import type { Answer, Invocation } from "../../definitions/command.ts";
import type { Ports } from "../../definitions/ports.ts";
import { allGaps } from "../../domain/coverage/causes.ts";
import type { Coverage } from "../../domain/coverage/coverage.ts";
import { type CoverageSummary, summariseCoverage } from "../../domain/coverage/coverage-summary.ts";
import { type FeatureMatrix, featureMatrixSteps } from "../../domain/coverage/feature-matrix.ts";
import { type DayCoverage, dayOf, historyWith } from "../../domain/coverage/history.ts";
import { supportGaps, uncatalogued } from "../../domain/coverage/uncatalogued.ts";
import type { Read } from "../../domain/reading/reading.ts";
import { inScope, type Scope } from "../../domain/scope/scope.ts";
import { coverageWithin } from "../../domain/scope/scoped-reading.ts";
import { attackProofs } from "../../domain/simulations/proofs/attack-proofs.ts";
import type { Language } from "../../locales/language.ts";
import { commandLine } from "../../message/line.ts";
import type { Message, Part } from "../../message/message.ts";
import { noMatchMessage } from "../../message/scope.ts";
import { withPods } from "../../readings/cluster-pods.ts";
import { findScope } from "../../readings/scope.ts";
import { rememberedFor } from "../../text/remembered.ts";
import { inTurns, type Steps } from "../../text/yield-to-event-loop.ts";
import { attackMessage } from "./attack-message.ts";
import { coverageFiles } from "./coverage-files.ts";
import { coverageMessage } from "./coverage-message.ts";
import { featureFileSteps } from "./feature-file.ts";

const answered = rememberedFor<Promise<Message>>();
/** Files of a large estate take megabytes. */
const answeredWithFiles = rememberedFor<Promise<Message>>(2);

type Arguments = { scope?: Scope; csv: boolean; attack: boolean; fresh: boolean };

/** The coverage of a scope, or the techniques that were proved to be detected there. */
export async function answer(
  { scope, csv, attack, fresh }: Arguments,
  ports: Ports,
  { caller, language }: Invocation,
): Promise<Answer> {
  const whole = await ports.readings.coverage({ freshFor: fresh ? caller.person : undefined });
  const within = coverageWithin(whole, scope);
  if (attack && (!scope || within.value.clusters.length > 0)) {
    const runs = (await ports.store.runs.list()).filter(({ cluster }) => cluster && inScope(cluster, scope));
    const proofs = attackProofs(runs, ports.definitions.scenarios);
    const about = {
      clusters: within.value.clusters.length,
      at: ports.clock.now(),
      ...(scope && { scope }),
    };
    return attackMessage(proofs, about, language);
  }
  const read = { ...within, value: await withPods(within.value, whole, ports) };
  const empty = Object.values(read.value).every((part) => part.length === 0);
  const match = scope && empty ? await findScope(ports, scope) : undefined;
  if (scope && match && match.kind !== "matched")
    return noMatchMessage(scope, match, {
      language,
      again: (one) => commandLine(["status", one], { csv, attack }),
    });
  // Figures of days are kept of everything in scope, not of parts.
  const days = scope ? [] : await ports.store.coverage.days();
  const asked = { language, csv, days, ...(scope && { scope }) };
  const answer = () => {
    // Once for a reading, however many people ask.
    for (const { kind } of uncatalogued(read.value)) ports.metrics.count("uncatalogued_total", { kind });
    return inTurns(answerSteps(read, within.value, asked));
  };
  // Pods may have been read for this answer alone.
  if (read.value !== within.value) return answer();
  return (csv ? answeredWithFiles : answered)(whole, JSON.stringify(asked), answer);
}

type Asked = { language: Language; csv: boolean; days: readonly DayCoverage[]; scope?: Scope };

/** `settings`: the coverage without what was seen in clusters, as the figures of the days before have it. */
function* answerSteps(read: Read<Coverage>, settings: Coverage, asked: Asked): Steps<Message> {
  const matrix = yield* featureMatrixSteps(read.value, read.asOf);
  const { clusters, gaps } = summariseCoverage(read.value);
  yield Number.POSITIVE_INFINITY;
  const all = allGaps([...gaps, ...supportGaps(read.value.clusters, read.asOf)], matrix);
  yield Number.POSITIVE_INFINITY;
  const summary = { clusters, gaps: all };
  const files = asked.csv ? yield* filesSteps(read, summary, matrix, asked.language) : [];
  yield Number.POSITIVE_INFINITY;
  const today = () => dayOf(read, read.value === settings ? clusters : summariseCoverage(settings).clusters);
  const days = asked.days.length > 0 ? historyWith(asked.days, today()) : [];
  return coverageMessage(read, summary, { matrix, files, ...asked, days });
}

function* filesSteps(
  { value, asOf }: Read<Coverage>,
  summary: CoverageSummary,
  matrix: FeatureMatrix,
  language: Language,
): Steps<Part[]> {
  const files = coverageFiles(value, summary, asOf, language);
  yield Number.POSITIVE_INFINITY;
  return [...files, yield* featureFileSteps(matrix, asOf, language)];
}
