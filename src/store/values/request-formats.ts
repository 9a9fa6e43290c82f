/** How requests that someone else approves are read. */

import { z } from "zod";
import {
  type Enablement,
  enablementStates,
  leftReasons,
  stepKinds,
  stepStates,
} from "../../domain/enablement/enablement.ts";
import { type Exemption, exemptionKinds, exemptionStates } from "../../domain/exemptions/exemptions.ts";
import { scopeKinds } from "../../domain/scope/scope.ts";
import { count, format, time, words } from "./format-parts.ts";

const subscription = z.looseObject({ id: z.string(), name: z.string() });
const scope = z.looseObject({ kind: z.enum(scopeKinds), pattern: z.string().min(1) });
const place = z.looseObject({ kind: z.string(), id: z.string().min(1), name: z.string() });
const settings = z.record(z.string(), z.string());

export const requestFormats = {
  exemption: format<{ rev: string; exemption: Exemption }>("exemptions", {
    rev: z.string(),
    exemption: z.looseObject({
      id: z.string().min(1),
      revision: count,
      kind: z.enum(exemptionKinds),
      what: z.string().min(1),
      title: z.string(),
      subscription: subscription,
      scope,
      conditions: z.array(z.looseObject({ field: z.string() })),
      resource: z.string().min(1),
      reason: z.string(),
      expires: time,
      requester: z.string(),
      channel: z.string(),
      code: z.string(),
      approvable: time,
      state: z.enum(exemptionStates),
      at: z.record(z.string(), time),
    }),
  }),
  enablement: format<{ rev: string; enablement: Enablement }>("enablements", {
    rev: z.string(),
    enablement: z.looseObject({
      id: z.string().min(1),
      revision: count,
      scope,
      on: place,
      subscription: subscription,
      steps: z.array(
        z.looseObject({
          kind: z.enum(stepKinds),
          on: place,
          subscription: subscription,
          before: settings,
          after: settings,
          state: z.enum(stepStates),
          assignment: z.looseObject({ id: z.string(), parameter: z.string() }).optional(),
        }),
      ),
      left: z.array(z.looseObject({ on: place, what: z.string(), why: z.enum(leftReasons) })),
      billable: z.looseObject({ cores: count, unknown: count }),
      permissions: words,
      requester: z.string(),
      channel: z.string(),
      code: z.string(),
      approvable: time,
      state: z.enum(enablementStates),
      at: z.record(z.string(), time),
    }),
  }),
};
