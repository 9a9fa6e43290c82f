import type {
  AssessedResource,
  Control,
  ControlAssessment,
  ControlState,
} from "../../domain/compliance/compliance.ts";
import { count, field, isoTime, list, text } from "../fields.ts";
import type { Row } from "../graph/graph.ts";
import { type Names, placeOf } from "../place.ts";
import { plainText } from "../recommendations/plain-text.ts";
import { readResource, readStatus } from "../recommendations/read-assessment.ts";

/** [regulatoryComplianceStandards 2019-01-01-preview, State]. */
const states: Record<string, ControlState> = {
  passed: "passed",
  failed: "failed",
  skipped: "skipped",
  unsupported: "manual",
};

export function readState(value: unknown): ControlState {
  return states[text(value, 50).toLowerCase()] ?? "unknown";
}

/** A standard that Azure lists without a control in any state is one that it offers, and that is not assigned. */
export function readStandard(row: Row): { name: string; controls: number } | undefined {
  const name = text(field(row, "name"), 200);
  const controls = ["passed", "failed", "skipped", "unsupported"].reduce(
    (sum, of) => sum + (count(field(row, of)) ?? 0),
    0,
  );
  return name === "" || controls === 0 ? undefined : { name, controls };
}

/** The packed list of one row of `compliance-controls.kql`; one without an id is left out, one that comes twice is one. */
export function readControls(row: Row): Control[] {
  const controls = list(field(row, "controls")).flatMap((packed): [string, Control][] => {
    const [id, state, failed, passed, skipped] = list(packed);
    const name = text(id, 200);
    if (name === "") return [];
    return [[name.toLowerCase(), { id: name, state: readState(state), ...counts(failed, passed, skipped) }]];
  });
  return [...new Map(controls).values()];
}

function counts(failed: unknown, passed: unknown, skipped: unknown) {
  return { failed: count(failed) ?? 0, passed: count(passed) ?? 0, skipped: count(skipped) ?? 0 };
}

/**
 * The packed list of one row of `compliance-assessments.kql`. `assessmentCategory` and `MicrosoftManaged` are those of
 * Defender's own report queries; a category is named by the description.
 */
export function readControlAssessments(
  row: Row,
  subscription: ControlAssessment["subscription"],
): ControlAssessment[] {
  return list(field(row, "packed")).flatMap((packed): ControlAssessment[] => {
    const [name, description, type, state, failed, passed, skipped] = list(packed);
    const key = text(name, 200).toLowerCase();
    if (key === "") return [];
    return [
      {
        key,
        title: plainText(description, 300) || key,
        kind: kindOf(text(type, 50)),
        state: readState(state),
        ...counts(failed, passed, skipped),
        subscription,
      },
    ];
  });
}

function kindOf(type: string): ControlAssessment["kind"] {
  if (/^assessmentcategory$/i.test(type)) return "category";
  if (/^microsoftmanaged$/i.test(type)) return "microsoft";
  return /manual/i.test(type) ? "manual" : "assessment";
}

/** One row of `assessed-resources.kql`; undefined where it has no id. */
export function readAssessedResource(row: Row, names: Names): AssessedResource | undefined {
  const id = text(field(row, "id"), 2000);
  if (id === "") return undefined;
  const [scope = ""] = id.split(/\/providers\/microsoft\.security\/assessments\//i);
  const individual = /^(softwareupdate|serviceupgrade)$/i.test(text(field(row, "category"), 100));
  const resource = readResource(row, scope, individual);
  return {
    ...resource,
    status: readStatus(field(row, "status")),
    cause: [text(field(row, "cause"), 200), plainText(field(row, "reason"), 500)].filter(Boolean).join(": "),
    since: isoTime(field(row, "changed")),
    title: text(field(row, "displayName"), 300),
    place: placeOf(
      [resource.id, scope].filter((part) => part.startsWith("/")),
      names,
    ),
  };
}
