import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { patiently } from "../../src/azure/client/retry-policy.ts";
import { findingsParser } from "../../src/azure/findings/parser.ts";
import { readDetails } from "../../src/azure/findings/read-vulnerability.ts";
import { partOf, queryText, rowsAfter } from "../../src/azure/graph/queries.ts";
import { packageMark } from "../../src/domain/findings/model/finding.ts";
import { UpstreamError } from "../../src/errors.ts";
import { gathered } from "../finding-pages.ts";

const subscription = "00000000-0000-0000-0000-000000000001";
const registry = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/AcrOne`;
const digest = `sha256:${"ab".repeat(32)}`;
const about = JSON.stringify({
  Digest: digest,
  RepositoryDetails: { RepositoryName: "team/web", LastPushedToRegistryUTC: "2026-11-01T10:00:00.1234567Z" },
});
const cve = (id: string, more: object = {}) => ({
  CveId: id,
  Severity: "High",
  FixStatus: "FixAvailable",
  ...more,
});

/** One row of the individual model as Resource Graph's table has it. */
function row(differs: Record<string, unknown> = {}) {
  return {
    id: `${registry}/providers/Microsoft.Security/assessments/1`,
    subscriptionId: subscription,
    resourceType: ".containerimage",
    status: "Unhealthy",
    cause: "",
    asset: `${registry}/repositories-team-web-images-${digest}`,
    about,
    factors: "",
    package: "curl",
    versions: '["7.74.0"]',
    fix: "FixAvailable",
    details: JSON.stringify([cve("CVE-2023-38545")]),
    ...differs,
  };
}

function read(rows: Record<string, unknown>[], kind: "individual" | "grouped" = "individual") {
  const columns = [...new Set(rows.flatMap((one) => Object.keys(one)))];
  const data = {
    columns: columns.map((name) => ({ name })),
    rows: rows.map((one) => columns.map((name) => one[name])),
  };
  const parser = findingsParser(new Map([[subscription, "one"]]));
  const page = parser.read(
    kind,
    Buffer.from(JSON.stringify({ totalRecords: rows.length, resultTruncated: "false", data })),
  );
  const reported = gathered();
  for (const part of page.parts) reported.take(part);
  return { ...reported, page };
}

describe("a row of the individual model", () => {
  it("is the same finding in other letter case and with white space", () => {
    const { findings, byKey } = read([
      row(),
      row({
        about: about.replace(digest, ` ${digest.toUpperCase()} `).replace("team/web", "Team/Web"),
        asset: `${registry.toUpperCase()}/repositories-team-web-images-${digest}`,
        details: JSON.stringify([cve(" cve-2023-38545 ")]),
        status: " unhealthy",
      }),
    ]);
    expect(findings()).toEqual([`${digest} CVE-2023-38545 curl 7.74.0`]);
    expect(byKey().size).toBe(1);
  });

  it.each([
    ["it is cut off", (text: string) => text.slice(0, -40)],
    ["a text in it has a line end", (text: string) => text.replace("CVE", "\nCVE")],
    ["a text in it has an escape that there is none of", (text: string) => text.replace("CVE", "\\qCVE")],
  ])(
    "says nothing of a page that is no JSON, so that it is all read when it comes again: %s",
    (_, damaged) => {
      const columns = Object.keys(row());
      const data = { columns: columns.map((name) => ({ name })), rows: [Object.values(row())] };
      const parser = findingsParser(new Map([[subscription, "one"]]));
      const whole = JSON.stringify({ totalRecords: 1, data });
      expect(() => parser.read("individual", Buffer.from(damaged(whole)))).toThrow(SyntaxError);
      const [part] = parser.read("individual", Buffer.from(whole)).parts;
      expect(part!.groups[0]!.vulnerabilities).toMatchObject([{ id: "CVE-2023-38545", package: "curl" }]);
      expect([...part!.pairs]).toEqual([part!.artifacts[0]!.ref, part!.groups[0]!.ref]);
    },
  );

  it("lies in the subscription of its ids, whatever their letter case", () => {
    const shouted = row({ id: registry.toUpperCase(), asset: `${registry.toUpperCase()}/x` });
    expect(read([shouted]).byKey().get(digest)?.places).toMatchObject([
      { registry: "ACRONE", resourceGroup: "RG", subscription: { id: subscription, name: "one" } },
    ]);
  });

  it("has the push time at the top too", () => {
    const top = JSON.stringify({
      Digest: digest,
      RepositoryDetails: { RepositoryName: "web" },
      LastPushedToRegistryUTC: "2026-11-02T00:00:00Z",
    });
    expect(
      read([row({ about: top })])
        .byKey()
        .get(digest)?.places,
    ).toMatchObject([{ registry: "AcrOne", repository: "web", pushed: "2026-11-02T00:00:00.000Z" }]);
  });

  it.each([["text"], ["[{"], ["{}"], [""], [null]])(
    "whose details are no JSON (%j) is no clean row",
    (details) => {
      const { page, findings } = read([row({ details }), row({ id: "/x/2", package: "zlib" })]);
      expect(page.unreadable).toBe(1);
      expect(findings()).toEqual([`${digest} CVE-2023-38545 zlib 7.74.0`]);
      expect(page.parts[0]).toMatchObject({ partly: [0] });
    },
  );

  it("may name nothing that was scanned, or lack every field", () => {
    const { page } = read([row({ about: "", asset: "" }), {}, row({ id: null, about: null, asset: 5 })]);
    expect(page).toMatchObject({ rows: 3, unreadable: 3 });
  });

  it("keeps to bounds where fields are oversized", () => {
    const huge = "x".repeat(100_000);
    const { vulnerabilities } = read([
      row({
        package: huge,
        versions: JSON.stringify(Array.from({ length: 500 }, (_, index) => `1.${index}`)),
      }),
    ]);
    expect(vulnerabilities()).toHaveLength(10);
    expect(vulnerabilities()[0]!.package.length).toBeLessThanOrEqual(200);
  });

  it("may hold 5,000 CVEs", () => {
    const details = JSON.stringify(
      Array.from({ length: 5000 }, (_, index) => cve(`CVE-2026-${10_000 + index}`)),
    );
    expect(read([row({ details })]).findings()).toHaveLength(5000);
  });

  it("has its details parsed once, however many images carry them", () => {
    const rows = Array.from({ length: 50 }, (_, index) =>
      row({
        about: about.replaceAll("ab", index.toString(16).padStart(2, "0")),
        asset: `${registry}/image-${index}`,
      }),
    );
    const { page, findings } = read(rows);
    expect(page.parts[0]!.groups).toHaveLength(1);
    expect(findings()).toHaveLength(50);
  });

  it("counts as closed by its cause, and asserts nothing without one", () => {
    const closed = (cause: string, id: string) => row({ status: "NotApplicable", cause, id, details: "" });
    const { page, findings } = read([closed("Exempt", "/a"), closed("OffByPolicy", "/b"), closed("", "/c")]);
    expect(page.parts[0]!.closed).toEqual([
      { ref: 0, row: packageMark(" CURL"), why: "exempted" },
      { ref: 0, row: packageMark("curl"), why: "disabled" },
    ]);
    expect(findings()).toEqual([]);
    expect(page.unreadable).toBe(0);
  });

  it("tells an image without a finding, which was looked at", () => {
    const { byKey, findings } = read([row({ status: "Healthy", details: "" })]);
    expect([...byKey().keys()]).toEqual([digest]);
    expect(findings()).toEqual([]);
  });

  it("tells a running container by fields where its id says nothing", () => {
    const cluster = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks-one`;
    const running = { Digest: digest, Namespace: "shop", PodName: "front-1", ContainerName: "web" };
    const { byKey } = read([
      row({
        resourceType: "K8S-Container",
        asset: cluster,
        about: JSON.stringify(running),
        id: `${cluster}/x`,
      }),
    ]);
    expect(byKey().get(digest)).toMatchObject({
      places: [],
      uses: [{ cluster: "aks-one", namespace: "shop", workload: "front", container: "web" }],
    });
  });
});

describe("an entry of the details", () => {
  const one = (entry: object, fix = "") =>
    readDetails(JSON.stringify([entry]), { name: "curl", versions: ["1"], fix })![0]!;
  it.each([
    ["FixAvailable", "available"],
    ["NoFix", "none"],
    ["NoFixAvailable", "none"],
    ["WillNotFix", "none"],
    ["Something", "unknown"],
    [null, "unknown"],
  ])("has the fix status %s", (FixStatus, fix) => {
    expect(one(cve("CVE-1", { FixStatus })).fix).toBe(fix);
  });

  it("takes the row's fix status where it has none, and a fixed version for a fix", () => {
    expect(one({ CveId: "CVE-1" }, "NoFix").fix).toBe("none");
    expect(one({ CveId: "CVE-1", FixedVersion: "2" }, "NoFix")).toMatchObject({
      fix: "available",
      fixed: "2",
    });
  });

  it.each([
    "IsInExploitKit",
    "ExploitStepsPublished",
    "IsPubliclyDisclosed",
    "ExploitStepsVerified",
    "IsVerified",
  ])("knows an exploit by %s, as a boolean or a text", (name) => {
    expect(one(cve("CVE-1", { ExploitabilityDetails: { [name]: true } })).exploit).toBe(true);
    expect(one(cve("CVE-1", { ExploitabilityDetails: { [name]: "True" } })).exploit).toBe(true);
    expect(one(cve("CVE-1", { ExploitabilityDetails: { [name]: false } })).exploit).toBe(false);
    expect(one(cve("CVE-1", { ExploitabilityDetails: null })).exploit).toBe(false);
  });

  it("never takes an unknown severity for a low one", () => {
    for (const Severity of ["", null, "Unknown", "None", 5])
      expect(one(cve("CVE-1", { Severity, Cvss: null })).severity).toBe("unknown");
  });

  it("may have another id than a CVE, or none", () => {
    expect(one({ CveId: "", AdditionalIdentifiers: ["ghsa-abcd"] }).id).toBe("GHSA-ABCD");
    const about = { name: "x", versions: [""], fix: "" };
    expect(readDetails('[{"CveId":"CVE-1"},null,5,"cve-2"]', about)?.map(({ id }) => id)).toEqual([
      "CVE-1",
      "CVE-2",
    ]);
    // A row that is open because of entries that can't be read is not one without findings.
    expect(readDetails('[{"Severity":"High"},null,5]', about)).toBeUndefined();
    expect(readDetails("[]", about)).toEqual([]);
  });
});

describe("a sub-assessment of the grouped models", () => {
  it("is read in the generation that lists CVEs beside an image digest [published example]", () => {
    const file = new URL("../examples/azure/container-subassessment.json", import.meta.url);
    const { id, properties } = JSON.parse(readFileSync(file, "utf8"));
    const data = properties.additionalData;
    const { findings, byKey, vulnerabilities } = read(
      [
        {
          id,
          model: "grouped-registry",
          status: properties.status.code,
          severity: properties.status.severity,
          scanned: properties.timeGenerated,
          finding: properties.id,
          asset: properties.resourceDetails.id,
          digest: data.imageDigest,
          repository: data.repositoryName,
          patchable: String(data.patchable),
          cves: data.cve,
          published: data.publishedTime,
        },
      ],
      "grouped",
    );
    const key = "sha256:877a6f2a212c44021281f80cb1f4c73a09dce4e99a8cb8efcc03f7ce3c877a6f";
    expect(findings()).toEqual([`${key} CVE-2019-12345  `]);
    expect(vulnerabilities()).toMatchObject([
      { severity: "high", fix: "available", published: "2018-01-01" },
    ]);
    expect(byKey().get(key)).toMatchObject({ places: [{ registry: "myRegistry", repository: "myrepo" }] });
  });
});

describe("numbers and times in a query", () => {
  it("are put in the place of a literal, and nothing else is", async () => {
    const text = await queryText("findings-individual");
    expect(partOf(text, 3, 7)).toContain("hash(tolower(id)) % 7 == 3");
    for (const [part, parts] of [
      [7, 7],
      [-1, 2],
      [0.5, 2],
      [Number.NaN, 2],
    ] as const)
      expect(() => partOf(text, part, parts)).toThrow(RangeError);
    const fresh = await queryText("findings-fresh");
    expect(rowsAfter(fresh, "2026-11-20T12:00:00Z")).toContain("datetime(2026-11-20T12:00:00.000Z)");
    expect(rowsAfter(fresh, "') | take 1")).not.toContain("take");
    expect(() => rowsAfter(fresh, "yesterday")).toThrow(RangeError);
    expect(() => partOf(fresh, 0, 2)).toThrow("does not have");
  });
});

describe("limits", () => {
  const refused = (status: number, retryAfter?: number) =>
    new UpstreamError("no", { system: "azure", status, code: "x", retryable: status !== 403, retryAfter });

  it("waits out 429 for minutes, as long as it is asked to", async () => {
    const pause = vi.fn(async () => {});
    const work = vi.fn<() => Promise<string>>().mockResolvedValue("done");
    for (let refusals = 0; refusals < 10; refusals++) work.mockRejectedValueOnce(refused(429, 60));
    await expect(patiently(work, { pause })).resolves.toBe("done");
    expect(pause.mock.calls).toEqual(Array.from({ length: 10 }, () => [60, undefined]));
  });

  it("ends after half an hour of 429, at once with what lasts, soon with what fails", async () => {
    const pause = vi.fn(async () => {});
    await expect(patiently(() => Promise.reject(refused(429, 600)), { pause })).rejects.toThrow("no");
    expect(pause).toHaveBeenCalledTimes(6);
    pause.mockClear();
    await expect(patiently(() => Promise.reject(refused(403)), { pause })).rejects.toThrow("no");
    expect(pause).not.toHaveBeenCalled();
    await expect(patiently(() => Promise.reject(refused(500)), { pause })).rejects.toThrow("no");
    expect(pause).toHaveBeenCalledTimes(3);
  });
});
