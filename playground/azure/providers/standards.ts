import { standardsOf } from "../../estate/standards.ts";
import { page } from "../paging.ts";
import type { Route } from "../routes.ts";

/** What a subscription could be measured by; assignments are beside exemptions. */
export const standardRoutes: Route[] = [
  {
    method: "GET",
    path: "/subscriptions/{subscription}/providers/Microsoft.Security/securityStandards",
    versions: ["2024-08-01"],
    action: "Microsoft.Security/securityStandards/read",
    handle: (call) => page(call, standardsOf(`/subscriptions/${call.params.subscription}`)),
  },
];
