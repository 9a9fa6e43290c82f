import { z } from "zod";
import { auditKinds, auditVerbs } from "../../domain/audit.ts";
import type { AuditEntry } from "../../ports/store.ts";
import { format, time } from "./format-parts.ts";

export const auditEntry = format<AuditEntry>("audit", {
  at: time,
  person: z.string(),
  channel: z.string(),
  source: z.string(),
  line: z.string(),
  command: z.string(),
  action: z.string(),
  outcome: z.string(),
  // A newer version may know more verbs: the line is shown instead.
  audited: z
    .object({
      verb: z.enum(auditVerbs),
      kind: z.enum(auditKinds),
      name: z.string().optional(),
      place: z.string().optional(),
    })
    .optional()
    .catch(undefined),
});
