import type { ClusterCoverage } from "../../domain/coverage/coverage.ts";
import { clusterFields, planFields, provisioningFields, registryFields } from "../declared-fields.ts";
import { field, text } from "../fields.ts";
import type { GraphDeps } from "../graph/from-graph.ts";
import type { Row } from "../graph/graph.ts";
import { shapeOf } from "../shape.ts";
import { containersOf, type Plans } from "./plans.ts";
import { unplacedInCluster } from "./read-coverage.ts";

/** What the drift alarm gets: of every cluster, and of the Containers plan of every subscription. */
export function clusterShapes(
  deps: Pick<GraphDeps, "shaped">,
  rows: readonly Row[],
  clusters: readonly ClusterCoverage[],
  plans: readonly Plans[],
): void {
  const byId = new Map(clusters.map((one) => [one.id, one]));
  deps.shaped(
    shapeOf("clusters", rows, {
      fields: Object.keys(clusterFields),
      unplaced: (row) => {
        const cluster = byId.get(text(field(row, "id"), 2000));
        return cluster ? unplacedInCluster(cluster) : [];
      },
    }),
  );
  const read = plans.flatMap((one) => ("pricings" in one ? [containersOf(one.pricings)] : []));
  deps.shaped(
    shapeOf("plans", read, {
      fields: Object.keys(planFields),
      about: (pricing) => field(pricing, "properties"),
      unplaced: (pricing) =>
        /^(standard|free)$/i.test(text(field(pricing, "properties", "pricingTier"))) ? [] : ["pricingTier"],
    }),
  );
}

/** The same of every registry, and of every assignment that installs something in clusters. */
export function otherShapes(
  deps: Pick<GraphDeps, "shaped">,
  registries: readonly Row[],
  assignments: readonly unknown[],
): void {
  deps.shaped(
    shapeOf("registries", registries, {
      fields: Object.keys(registryFields),
      unplaced: (row) =>
        /^(abacrepository|legacyregistry)permissions$|^$/i.test(text(field(row, "roleAssignmentMode"), 100))
          ? []
          : ["roleAssignmentMode"],
    }),
  );
  deps.shaped(
    shapeOf("provisioning", assignments, {
      fields: Object.keys(provisioningFields),
      unplaced: (one) => (text(field(one, "displayName")) || text(field(one, "name")) ? [] : ["displayName"]),
    }),
  );
}
