import { z } from "zod";
import type { Severity } from "../domain/severity.ts";
import { defaultSchedules, type ScheduleName, topics } from "../domain/topics.ts";
import type { Language } from "../text/language.ts";
import type { Readers } from "./readers.ts";
import { textLike, textWhere } from "./rule.ts";

// Records instead of lists: the compiler refuses a word that is missing or unknown.
const severityWords: Record<Exclude<Severity, "unknown">, true> = {
  critical: true,
  high: true,
  medium: true,
  low: true,
  informational: true,
};
const languageWords: Record<Language, true> = { en: true, ja: true };

function oneOf<Word extends string>(words: Record<Word, true>) {
  return z.enum(Object.keys(words) as [Word, ...Word[]]);
}

/** `schedules.TOPIC` of every topic that has one. */
function topicSchedules(cronLine: ReturnType<typeof textWhere>) {
  return Object.fromEntries(
    Object.entries(defaultSchedules).map(([name, line]) => [name, cronLine.default(line)]),
  ) as Record<ScheduleName, z.ZodDefault<ReturnType<typeof textWhere>>>;
}

const channelId = textLike(
  /^[CG][A-Z0-9]{4,}$/,
  "Slack channel id",
  "an id such as C0123456789, from the channel's details",
);
const personOrGroup = textLike(/^[UWS][A-Z0-9]{4,}$/, "Slack user or user-group id", "U…, W… or S…");
const adminId = textLike(/^[CGDUW][A-Z0-9]{4,}$/, "Slack channel or user id", "C…, G…, U… or W…");
const person = textLike(/^[UW][A-Z0-9]{4,}$/, "Slack user id", "U… or W…");
const image = textLike(
  /^[a-z0-9][a-z0-9._-]*(:\d+)?(\/[a-z0-9._-]+)+(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/i,
  "image reference",
  "REGISTRY/REPOSITORY:TAG or REGISTRY/REPOSITORY@sha256:DIGEST",
);
const name = textWhere((text) => (text.trim() === "" ? "is empty" : undefined), "a name");

const days = z.int().min(7).max(3650);

/** The schema of `breakwater.yaml` (design, section 4): everything is optional, nothing unknown is let pass. */
export function fileSchema({ cron, scope }: Pick<Readers, "cron" | "scope">) {
  const cronLine = textWhere(
    (text) => cron(text) && `is no cron line: ${cron(text)}`,
    "five fields, or six with seconds first, for example 0 8 * * *",
  );
  const scopeWord = textWhere(
    (text) => (scope(text) ? undefined : "is no scope"),
    "a name or glob, exact with sub:, rg:, cluster: or registry:",
  );
  const timezone = textWhere(
    (text) => (isTimezone(text) ? undefined : "is no time zone"),
    "an IANA name, for example Asia/Tokyo",
  );
  return z.strictObject({
    scope: z
      .strictObject({ managementGroups: z.array(name).default([]), subscriptions: z.array(name).default([]) })
      .prefault({}),
    language: oneOf(languageWords).default("en"),
    schedules: z
      .strictObject({
        timezone: timezone.default("UTC"),
        ...topicSchedules(cronLine),
        drills: z.array(drill(cronLine)).default([]),
      })
      .prefault({}),
    channels: z.array(channel(scopeWord)).default([]),
    access: z
      .strictObject({
        operators: z.array(personOrGroup).default([]),
        approvers: z.array(personOrGroup).default([]),
        admin: adminId.optional(),
      })
      .prefault({}),
    simulations: z
      .strictObject({
        clusters: z.array(name).default([]),
        refuseTags: z.array(textLike(/^[^=]+=.*$/, "tag", "NAME=VALUE")).default(["environment=production"]),
        namespace: textLike(
          /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
          "Kubernetes namespace",
          "small letters, digits and hyphens, at most 63",
        ).default("breakwater-simulation"),
        verifyMinutes: z.number().positive().max(1440).default(75),
        images: z
          .strictObject({
            attacker: image.default("ghcr.io/microsoft/defender-for-cloud/attacksimulation/attacker:latest"),
            victim: image.default("ghcr.io/microsoft/defender-for-cloud/attacksimulation/victim:latest"),
            busybox: image.default("mcr.microsoft.com/cbl-mariner/busybox:2.0"),
          })
          .prefault({}),
      })
      .prefault({}),
    // A path from where the bot is started.
    hunts: z.strictObject({ folder: name.optional() }).prefault({}),
    // Where nothing is set, the store's own days hold.
    retention: z
      .strictObject({
        // Defender shows an alert for 90 days: what was posted of it must not be forgotten before.
        alerts: days.min(90).optional(),
        audit: days.optional(),
        counts: days.optional(),
        simulations: days.optional(),
      })
      .prefault({}),
  });
}

/** What one channel receives; `immediate` is about newly pushed images (`rescan`), `state` about alerts. */
function channel<Scope extends z.ZodType<string>>(scope: Scope) {
  return z
    .strictObject({
      channel: channelId,
      topics: z.array(z.enum(topics)).min(1),
      severity: oneOf(severityWords).optional(),
      scope: z.array(scope).default([]),
      immediate: oneOf(severityWords).optional(),
      state: oneOf({ all: true }).optional(),
      language: oneOf(languageWords).optional(),
    })
    .superRefine(({ topics, immediate, state }, context) => {
      const beside = (key: string, topic: (typeof topics)[number]) => {
        if (topics.includes(topic)) return;
        const params = { allowed: `only beside the topic ${topic}` };
        context.addIssue({ code: "custom", path: [key], message: `goes with ${topic} only`, params });
      };
      if (immediate) beside("immediate", "rescan");
      if (state) beside("state", "alerts");
    });
}

/** A simulation on a schedule: `approvedBy` is the preapproval; without one it only reports that it needs one. */
function drill<Cron extends z.ZodType<string>>(cron: Cron) {
  const parameters = z.strictObject({
    registry: name.optional(),
    node: name.optional(),
    image: name.optional(),
  });
  return z.strictObject({
    cron,
    scenario: name,
    cluster: name,
    approvedBy: person.optional(),
    parameters: parameters.optional(),
  });
}

export type SettingsFile = z.infer<ReturnType<typeof fileSchema>>;

function isTimezone(text: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
