import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { analyse } from "../../playground/azure/kusto/analysis.ts";
import { walk } from "../../playground/azure/kusto/tree.ts";

const folder = new URL("../../src/azure/queries/", import.meta.url);
const columns =
  "(id:string,name:string,type:string,tenantId:string,location:string,resourceGroup:string,subscriptionId:string,sku:dynamic,properties:dynamic,tags:dynamic)";
/** Tables of Resource Graph [Resource Graph docs, supported tables]. */
const tables = ["resources", "resourcecontainers", "securityresources", "policyresources"];
/** What our queries may use; limit, take and top are left out: paging stops silently with them [docs, pagination]. */
const operators = [
  "DistinctOperator",
  "ExtendOperator",
  "FilterOperator",
  "ProjectOperator",
  "SortOperator",
  "SummarizeOperator",
  "MvExpandOperator",
];

describe("each query of Resource Graph", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".kql"));
  it("is there", () => expect(files.length).toBeGreaterThan(3));
  describe.each(files)("%s", (name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    const { root, problems } = analyse(text, new Map(tables.map((table) => [table, columns])));

    it("is understood by Microsoft's parser without a complaint", () => {
      expect(problems.map(({ message }) => message)).toEqual([]);
    });
    it("uses only operators that Resource Graph supports and that page", () => {
      const used = [...walk(root)].map(({ kind }) => kind).filter((kind) => kind.endsWith("Operator"));
      expect(used.filter((kind) => !operators.includes(kind))).toEqual([]);
      expect(used).toContain("ProjectOperator");
    });
    it("projects a string id and ends ordered by it", () => {
      expect(text).toMatch(/\| project id(,| = \w)/);
      expect(text.trimEnd()).toMatch(/\| order by id asc$/);
    });
    it("has no place for a value from outside", () => {
      expect(text).not.toMatch(/\$\{|\{\{|\$[a-z]/i);
    });
  });
});
