import type { ClusterCoverage } from "../../domain/coverage/coverage.ts";
import type { ShapeReading } from "../../domain/reading/drift.ts";
import { clusterFields, planFields, provisioningFields, registryFields } from "../declared-fields.ts";
import { field, text } from "../fields.ts";
import type { Row } from "../graph/graph.ts";
import { shapeOf } from "../shape.ts";
import { containersOf, type Plans } from "./plans.ts";
import { unplacedInCluster } from "./read-coverage.ts";

/** What the drift alarm gets of the rows of clusters. */
export function clusterShape(rows: readonly Row[], clusters: readonly ClusterCoverage[]): ShapeReading {
  const byId = new Map(clusters.map((one) => [one.id, one]));
  return shapeOf("clusters", rows, {
    fields: Object.keys(clusterFields),
    unplaced: (row) => {
      const cluster = byId.get(text(field(row, "id"), 2000));
      return cluster ? unplacedInCluster(cluster) : [];
    },
  });
}

/** The same of the Containers plan of each subscription. */
export function planShape(plans: readonly Plans[]): ShapeReading {
  const read = plans.flatMap((one) => ("pricings" in one ? [containersOf(one.pricings)] : []));
  return shapeOf("plans", read, {
    fields: Object.keys(planFields),
    about: (pricing) => field(pricing, "properties"),
    unplaced: (pricing) =>
      /^(standard|free)$/i.test(text(field(pricing, "properties", "pricingTier"))) ? [] : ["pricingTier"],
  });
}

/** The same of the rows of registries. */
export function registryShape(rows: readonly Row[]): ShapeReading {
  return shapeOf("registries", rows, {
    fields: Object.keys(registryFields),
    unplaced: (row) =>
      /^(abacrepository|legacyregistry)permissions$|^$/i.test(text(field(row, "roleAssignmentMode"), 100))
        ? []
        : ["roleAssignmentMode"],
  });
}

/** The same of the assignments that install sensor and policy add-on. */
export function provisioningShape(assignments: readonly unknown[]): ShapeReading {
  return shapeOf("provisioning", assignments, {
    fields: Object.keys(provisioningFields),
    unplaced: (one) => (text(field(one, "displayName")) || text(field(one, "name")) ? [] : ["displayName"]),
  });
}
