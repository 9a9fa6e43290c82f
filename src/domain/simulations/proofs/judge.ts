import type { Language } from "../../../text/language.ts";
import type { Expectation } from "../scenario.ts";
import type { ExpectationVerdict, Run, Sighting } from "../simulation.ts";

/** What an expectation is called; alerts and recommendations have Defender's own English names in either language. */
export function expectationTitle(expectation: Expectation): Record<Language, string> {
  if (expectation.kind === "finding") return expectation.title;
  const title = expectation.kind === "alert" ? (expectation.titles[0] ?? expectation.types[0] ?? "") : "";
  const name = expectation.kind === "recommendation" ? expectation.title : title;
  return { en: name, ja: name };
}

/**
 * A verdict for each expectation: detected, and after how long; late where Defender reported it only after the wait; not
 * expected here; else what was said of it when the wait was over, and waiting until then. What came although it was not
 * expected here counts as detected. A run that failed proves nothing of what it did not see.
 * @param unseen what did not come by the end of the wait: missing where everything was read then, else unknown
 */
export function judge(
  expects: readonly Expectation[],
  run: Pick<Run, "started" | "verifySeconds" | "sightings" | "preflight" | "verdicts">,
  unseen?: "missing" | "unknown",
): ExpectationVerdict[] {
  return expects.map((expectation, index): ExpectationVerdict => {
    const about = { index, title: expectationTitle(expectation), required: expectation.required };
    const sighting = earliest(run.sightings.filter((one) => one.expectation === index));
    if (sighting) {
      const seconds = secondsUntil(run, sighting);
      const late = seconds !== undefined && seconds > run.verifySeconds;
      return { ...about, verdict: late ? "late" : "detected", seconds, sighting };
    }
    const why = run.preflight?.unexpected[index];
    if (why) return { ...about, verdict: "not-expected", why };
    const before = run.verdicts.find((one) => one.index === index)?.verdict;
    const settled = before === "missing" || before === "unknown" ? before : undefined;
    return { ...about, verdict: unseen ?? settled ?? "waiting" };
  });
}

/** When Defender reported it; where Azure's clock is slow, no time becomes negative. */
function secondsUntil({ started }: Pick<Run, "started">, sighting: Sighting): number | undefined {
  if (!started) return undefined;
  const milliseconds = Date.parse(sighting.generated ?? sighting.seen) - Date.parse(started);
  return Math.max(0, Math.round(milliseconds / 1000));
}

/** The first one that is certain; the first of those that are likely where none is. */
function earliest(sightings: readonly Sighting[]): Sighting | undefined {
  const time = ({ generated, seen }: Sighting) => Date.parse(generated ?? seen);
  const doubt = ({ likely }: Sighting) => Number(likely === true);
  return sightings.toSorted(
    (a, b) => doubt(a) - doubt(b) || time(a) - time(b) || a.id.localeCompare(b.id),
  )[0];
}

/** The run with one more sighting; the same run where it had it already, or knew it better. */
export function withSighting(run: Run, sighting: Sighting): Run {
  const known = run.sightings.find(({ id }) => id === sighting.id);
  if (!known) return { ...run, sightings: [...run.sightings, sighting] };
  // The first reading may be a row, without the time at which Defender reported it and what it is about.
  const better = { ...known, generated: known.generated ?? sighting.generated };
  better.expectation = known.expectation ?? sighting.expectation;
  if (!sighting.likely) delete better.likely;
  const parts = ["generated", "expectation", "likely"] as const;
  if (parts.every((part) => better[part] === known[part])) return run;
  return { ...run, sightings: run.sightings.map((one) => (one === known ? better : one)) };
}

/** What may still come within the wait, or become certain. */
export function openOf(verdicts: readonly ExpectationVerdict[]): ExpectationVerdict[] {
  return verdicts.filter(({ verdict, sighting }) => verdict === "waiting" || sighting?.likely);
}

/** Alerts of the run that were not expected. */
export function unexpectedOf({ sightings }: Pick<Run, "sightings">): Sighting[] {
  return sightings.filter(({ expectation }) => expectation === undefined);
}
