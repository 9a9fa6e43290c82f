import { z } from "zod";
import { type AlertSeen, alertStates } from "../domain/alerts/alert.ts";
import { severities } from "../domain/severity.ts";

const words = z.array(z.string());
const pairs = z.array(z.tuple([z.string(), z.string()]));
const shape = z.looseObject({
  alert: z.looseObject({
    id: z.string(),
    resource: z.string(),
    type: z.string(),
    title: z.string(),
    description: z.string(),
    severity: z.enum(severities),
    state: z.enum(alertStates),
    place: z.looseObject({ subscription: z.looseObject({ id: z.string(), name: z.string() }) }),
    compromisedEntity: z.string(),
    tactics: words,
    techniques: words,
    remediation: words,
    entities: z.array(z.looseObject({ kind: z.string(), name: z.string(), facts: pairs })),
    entityCount: z.number(),
    extended: pairs,
    sample: z.boolean(),
    whole: z.boolean(),
  }),
});

/** The event itself, not a copy: events are compared by their JSON text. */
export const alertSeen = z.custom<AlertSeen>(
  (value) => shape.safeParse(value).success,
  "not an alert that was seen",
);
