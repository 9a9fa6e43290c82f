import type { Estate, Resource } from "../../estate/estate.ts";
import { findingRows } from "../../estate/finding-rows.ts";
import { type Answer, resourceNotFound } from "../errors.ts";
import { page } from "../paging.ts";
import type { Call, Route } from "../routes.ts";

const versions = ["2020-01-01", "2021-06-01"];
const read = "Microsoft.Security/assessments/read";

/** 2020-01-01 has no times in the status; metadata and links come only when asked for with `$expand`. */
function shown(assessment: Resource, call: Call): Resource {
  const expand = call.url.searchParams.get("$expand") ?? "";
  const { links, metadata, resourceAdditionalData: _, risk: __, ...properties } = assessment.properties;
  const details = properties.resourceDetails as { source: string; id: string };
  const status = { ...(properties.status as Record<string, unknown>) };
  if (call.url.searchParams.get("api-version") === "2020-01-01") {
    delete status.statusChangeDate;
    delete status.firstEvaluationDate;
  }
  const known = call.estate.assessmentsMetadata.find((one) => one.name === assessment.name);
  return {
    ...assessment,
    properties: {
      ...properties,
      resourceDetails: { source: details.source, id: details.id },
      status,
      ...(expand.includes("links") ? { links: linksOf(links) } : {}),
      ...(expand.includes("metadata") ? { metadata: known?.properties ?? metadata } : {}),
    },
  };
}

/** The assessments API calls the portal's address `azurePortalUri`, Resource Graph `azurePortal`. */
const linksOf = (links: unknown) => ({
  azurePortalUri: (links as { azurePortal?: string } | undefined)?.azurePortal,
});

const everything = (estate: Estate) => [...estate.assessments, ...findingRows(estate).assessments];

function list(call: Call): Answer {
  const scope = `/${call.params.scope}/`.toLowerCase();
  const all = everything(call.estate).filter((one) => one.id.toLowerCase().startsWith(scope));
  return page(
    call,
    all.map((one) => shown(one, call)),
  );
}

function get(call: Call): Answer {
  const id = decodeURIComponent(call.url.pathname).toLowerCase();
  const match = everything(call.estate).find((one) => one.id.toLowerCase() === id);
  return match ? { status: 200, body: shown(match, call) } : resourceNotFound(call.url.pathname);
}

const metadata = (call: Call): Answer => page(call, call.estate.assessmentsMetadata);

function oneMetadata(call: Call): Answer {
  const match = call.estate.assessmentsMetadata.find((one) => one.name === call.params.name);
  return match ? { status: 200, body: match } : resourceNotFound(call.url.pathname);
}

const roots = ["", "/subscriptions/{subscription}"];
export const assessmentRoutes: Route[] = [
  ...roots.flatMap((root): Route[] => {
    const path = `${root}/providers/Microsoft.Security/assessmentMetadata`;
    return [
      { method: "GET", path, versions, handle: metadata },
      { method: "GET", path: `${path}/{name}`, versions, handle: oneMetadata },
    ];
  }),
  {
    method: "GET",
    path: "/{scope*}/providers/Microsoft.Security/assessments",
    versions,
    action: read,
    handle: list,
  },
  {
    method: "GET",
    path: "/{scope*}/providers/Microsoft.Security/assessments/{name}",
    versions,
    action: read,
    handle: get,
  },
];
