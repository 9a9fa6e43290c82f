import { describe, expect, it } from "vitest";
import { queryText } from "../../src/azure/graph/queries.ts";
import { querySources } from "../../src/azure/graph/query-sources.ts";
import { readerDeclarations } from "../../src/azure/readers.ts";

describe("where a query reads its columns", () => {
  it("is written out, in order, both spellings of a name as one", async () => {
    const sources = querySources(await queryText("findings-individual"));
    expect(sources.get("asset")).toEqual([
      "properties.resourceDetails.NativeResourceId",
      "properties.resourceDetails.ResourceId",
      "properties.resourceDetails.Id",
    ]);
    expect(sources.get("versions")?.[1]).toBe(
      "properties.additionalData.ScannersDetails.agentlessmdvm.DetectedSoftwareVersions",
    );
  });

  it.each(["findings-individual", "cve-details"] as const)(
    "is declared for each column of %s",
    async (name) => {
      const declared = (await readerDeclarations()).flatMap(({ fields }) => fields.map(({ field }) => field));
      // Said with the row, or part of its id; the date of a change is compared in the query.
      const others = ["id", "subscriptionId", "resourceType", "status", "modified"];
      const columns = [...querySources(await queryText(name)).keys()].filter(
        (column) => !others.includes(column),
      );
      expect(columns.filter((column) => !declared.includes(column))).toEqual([]);
    },
  );
});
