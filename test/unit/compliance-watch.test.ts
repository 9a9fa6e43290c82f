import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Control, ControlState, StandardReading } from "../../src/domain/compliance/compliance.ts";
import {
  byImportance,
  familyOf,
  isCisAks,
  isCloudBenchmark,
  shortStandardName,
} from "../../src/domain/compliance/standards.ts";
import { passedShare, summarizeCompliance } from "../../src/domain/compliance/summary.ts";
import { compareCompliance, weekOf } from "../../src/domain/compliance/watch/compare.ts";
import { compareControls } from "../../src/domain/compliance/watch/compare-controls.ts";
import { complianceDigest, publishedCompliance } from "../../src/domain/compliance/watch/digest.ts";
import type { ComplianceState } from "../../src/domain/compliance/watch/state.ts";
import type { Unread } from "../../src/domain/reading/reading.ts";

const cis = "CIS Azure Kubernetes Service (AKS) Benchmark v1.5.0";
type Standards = Record<string, Record<string, ControlState>>;

/** A reading: subscription → standard → control → state. */
function readingOf(
  estate: Record<string, Standards>,
  { unread = [], titles = {}, missing = 0 }: { unread?: string[]; titles?: Titles; missing?: number } = {},
) {
  const standards = Object.entries(estate).flatMap(([id, some]) =>
    Object.entries(some).map(
      ([name, controls]): StandardReading => ({
        key: name.toLowerCase(),
        name,
        subscription: { id, name: `Sub ${id}` },
        controls: Object.entries(controls).map(([control, state]) => controlOf(control, state)),
        missing,
      }),
    ),
  );
  const ids = [...new Set([...Object.keys(estate), ...unread])];
  return {
    value: { standards, titles: Object.entries(titles).map(([key, one]) => ({ key, titles: one })) },
    asOf: "2026-11-23T08:00:00.000Z",
    subscriptions: ids.length,
    unread: unread.map((id): Unread => ({ id, name: id, why: "denied", detail: "" })),
    estate: ids.map((id) => ({ id, name: `Sub ${id}` })),
  };
}
type Titles = Record<string, Record<string, string>>;

function controlOf(id: string, state: ControlState): Control {
  return { id, state, failed: 0, passed: 0, skipped: 0 };
}

const slots = ["2026-11-23T08:30:00.000Z", "2026-11-24T08:30:00.000Z", "2026-11-25T08:30:00.000Z"];

/** What the last of several readings changed, in lines. */
function changesOf(...readings: ReturnType<typeof readingOf>[]): string[] {
  let state: ComplianceState | undefined;
  for (const [index, reading] of readings.entries()) state = compareCompliance(state, reading, slots[index]!);
  const { changes, assignments, added, removed } = state!.pending!;
  return [
    ...changes.map(
      ({ control, from, to, subscriptions }) => `${control}: ${from} → ${to} in ${subscriptions.join()}`,
    ),
    ...assignments.map(({ name, how, subscriptions }) => `${name} ${how} in ${subscriptions.join()}`),
    ...(added > 0 ? [`added ${added}`] : []),
    ...(removed > 0 ? [`removed ${removed}`] : []),
  ];
}

describe("the names of standards", () => {
  it.each([
    [cis, true, false, "CIS AKS"],
    ["CIS-Azure-Kubernetes-Service", true, false, "CIS AKS"],
    ["CIS Amazon Elastic Kubernetes Service (EKS) Benchmark", false, false, undefined],
    ["CIS Google Kubernetes Engine (GKE) Benchmark", false, false, undefined],
    ["CIS Azure Foundations v2.0.0", false, false, undefined],
    ["Microsoft cloud security benchmark", false, true, "MCSB"],
    ["Microsoft-cloud-security-benchmark-v2", false, true, "MCSB"],
  ])("%s", (name, aks, benchmark, short) => {
    expect([isCisAks(name), isCloudBenchmark(name), shortStandardName(name)]).toEqual([
      aks,
      benchmark,
      short ?? name,
    ]);
  });

  it("of two versions are one family, those of two standards are not", () => {
    expect(familyOf(cis)).toBe(familyOf("CIS-Azure-Kubernetes-Service-(AKS)-Benchmark-v1.6"));
    expect(familyOf("PCI DSS 3.2")).toBe(familyOf("PCI DSS 4"));
    expect(familyOf("NIST SP 800 53 R5")).not.toBe(familyOf("NIST CSF 2"));
  });

  it("put CIS AKS first, then the Microsoft cloud security benchmark", () => {
    const names = ["PCI DSS 4", "Microsoft cloud security benchmark", cis, "Azure CIS 1.1"];
    const sorted = names.map((name) => ({ name })).sort(byImportance);
    expect(sorted.map(({ name }) => name)).toEqual([cis, names[1], "Azure CIS 1.1", "PCI DSS 4"]);
  });
});

describe("a summary", () => {
  it("counts a control once, with the worst state that it has anywhere", () => {
    const { value } = readingOf({
      s1: { [cis]: { "1": "passed", "2": "skipped", "3": "manual", "10": "failed" } },
      s2: { [cis]: { "1": "failed", "2": "unknown", "3": "manual", "10": "passed" } },
    });
    const [standard] = summarizeCompliance(value);
    expect(standard?.counts).toEqual({ failed: 2, unknown: 1, passed: 0, skipped: 0, manual: 1 });
    expect(standard?.controls.map(({ id, state }) => `${id} ${state}`)).toEqual([
      "1 failed",
      "10 failed",
      "2 unknown",
      "3 manual",
    ]);
    expect(standard?.controls[0]?.failedIn).toEqual([{ id: "s2", name: "Sub s2" }]);
  });

  it("leaves skipped and manual controls out of the share, and has none without any other", () => {
    expect([passedShare({ passed: 3, failed: 1 }), passedShare({ passed: 0, failed: 0 })]).toEqual([
      75,
      undefined,
    ]);
  });
});

describe("two readings", () => {
  const before = { s1: { [cis]: { "4.1": "passed", "4.2": "failed" } } } as const;

  it("name what fails now and what passes, once for all subscriptions", () => {
    const was = { "4.1": "passed", "4.2": "failed" } as const;
    const now = { "4.1": "failed", "4.2": "passed" } as const;
    expect(
      changesOf(
        readingOf({ s1: { [cis]: was }, s2: { [cis]: was } }),
        readingOf({ s1: { [cis]: now }, s2: { [cis]: now } }),
      ),
    ).toEqual(["4.1: passed → failed in s1,s2", "4.2: failed → passed in s1,s2"]);
  });

  it("say nothing of a subscription that couldn't be read, and compare it with what was known when it can be", () => {
    const unread = readingOf({}, { unread: ["s1"] });
    expect(changesOf(readingOf(before), unread)).toEqual([]);
    const changed = readingOf({ s1: { [cis]: { "4.1": "failed", "4.2": "failed" } } });
    expect(changesOf(readingOf(before), unread, changed)).toEqual(["4.1: passed → failed in s1"]);
  });

  it("say nothing of a state that is unknown, and compare with the one before it", () => {
    const unknown = readingOf({ s1: { [cis]: { "4.1": "unknown", "4.2": "failed" } } });
    expect(changesOf(readingOf(before), unknown)).toEqual([]);
    expect(changesOf(readingOf(before), unknown, readingOf(before))).toEqual([]);
  });

  it("say nothing of controls that were cut off a long list", () => {
    const cut = readingOf({ s1: { [cis]: { "4.1": "passed" } } }, { missing: 1 });
    expect(changesOf(readingOf(before), cut)).toEqual([]);
    const fixed = readingOf({ s1: { [cis]: { "4.1": "passed", "4.2": "passed" } } });
    expect(changesOf(readingOf(before), cut, fixed)).toEqual(["4.2: failed → passed in s1"]);
  });

  it("say of no control that it came where the first reading lacked some", () => {
    const whole = readingOf(before);
    const part = (controls: Record<string, ControlState>) =>
      readingOf({ s1: { [cis]: controls } }, { missing: 1 });
    expect(changesOf(part({}), part({ "4.1": "passed" }))).toEqual([]);
    expect(changesOf(part({}), part({ "4.1": "passed" }), whole)).toEqual([]);
    const more = readingOf({ s1: { [cis]: { ...before.s1![cis], "4.3": "failed" } } });
    expect(changesOf(part({ "4.1": "passed" }), whole, more)).toEqual(["added 1"]);
  });

  it("know a control that was renumbered, and count what came and went as neither failed nor fixed", () => {
    const titles = (ids: Record<string, string>) => ({ [cis.toLowerCase()]: ids });
    const was = readingOf(before, {
      titles: titles({ "4.1": "Use roles", "4.2": "No privileged containers" }),
    });
    const now = readingOf(
      { s1: { [cis]: { "4.1": "passed", "5.7": "failed", "5.8": "failed" } } },
      { titles: titles({ "4.1": "Use roles", "5.7": "No privileged  containers.", "5.8": "New" }) },
    );
    expect(changesOf(was, now)).toEqual(["added 1"]);
    expect(changesOf(was, readingOf({ s1: { [cis]: { "4.1": "passed" } } }))).toEqual(["removed 1"]);
  });

  it("know a new version of a standard, and don't take one that is no longer assigned for fixed", () => {
    const v16 = cis.replace("1.5.0", "1.6.0");
    const next = readingOf({ s1: { [v16]: { "4.1": "passed", "4.2": "passed" } } });
    expect(changesOf(readingOf(before), next)).toEqual(["4.2: failed → passed in s1"]);
    const other = readingOf({ s1: { "PCI DSS 4": { "1": "failed" } } });
    expect(changesOf(readingOf(before), other)).toEqual(["PCI DSS 4 assigned in s1"]);
    expect(changesOf(readingOf(before), other, other)).toEqual([`${cis} unassigned in s1`]);
  });

  it("say nothing of a standard that one reading lacks: Resource Graph may miss a row once", () => {
    const lacking = readingOf({ s1: {} });
    expect(changesOf(readingOf(before), lacking)).toEqual([]);
    expect(changesOf(readingOf(before), lacking, readingOf(before))).toEqual([]);
    const fixed = readingOf({ s1: { [cis]: { "4.1": "passed", "4.2": "passed" } } });
    expect(changesOf(readingOf(before), lacking, fixed)).toEqual(["4.2: failed → passed in s1"]);
  });

  it("say nothing of a subscription that is new or deleted", () => {
    const added = readingOf({ ...before, s2: { [cis]: { "4.1": "failed" } } });
    expect(changesOf(readingOf(before), added)).toEqual([]);
    expect(changesOf(added, readingOf(before))).toEqual([]);
  });
});

describe("controls compared", () => {
  const states = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,3}$/),
    fc.constantFrom<ControlState>("failed", "passed", "skipped", "manual"),
    { maxKeys: 8 },
  );
  const listed = (all: Record<string, ControlState>) =>
    Object.entries(all).map(([id, state]) => controlOf(id, state));
  const none = { before: {}, now: {}, missing: false };

  it("are as they were read afterwards, and each difference is named once", () => {
    fc.assert(
      fc.property(states, states, (before, now) => {
        const compared = compareControls(before, listed(now), none);
        expect(compared.states).toEqual(now);
        const same = (id: string) => Object.hasOwn(before, id);
        expect(compared.added).toEqual(Object.keys(now).filter((id) => !same(id)));
        expect(compared.removed.sort()).toEqual(
          Object.keys(before)
            .filter((id) => !Object.hasOwn(now, id))
            .sort(),
        );
        expect(compared.changed.map(({ control }) => control)).toEqual(
          Object.keys(now).filter((id) => same(id) && before[id] !== now[id]),
        );
        expect(compareControls(compared.states, listed(now), none).changed).toEqual([]);
      }),
    );
  });
});

describe("a digest", () => {
  const filter = { name: "" };
  const publish = (state: ComplianceState, name = "", within?: Set<string>) => {
    const first = !state.channels.includes("C1");
    const { digest, days } = complianceDigest(
      state,
      state.pending!,
      { name, ...(within && { within }) },
      first,
    );
    const published = { channels: ["C1"], days: { ...state.days, [name]: days } };
    return { digest, next: publishedCompliance(state, published) };
  };
  const read = (failed: number) =>
    readingOf({
      s1: {
        [cis]: Object.fromEntries(
          [1, 2, 3].map((id) => [`4.${id}`, id <= failed ? ("failed" as const) : ("passed" as const)]),
        ),
      },
    });

  it("is a baseline first, then what changed, and a summary with the first reading of a week", () => {
    const kinds: (string | undefined)[] = [];
    let state: ComplianceState | undefined;
    // Wednesday to Tuesday.
    for (let day = 18; day <= 24; day++) {
      state = compareCompliance(state, read(day === 20 ? 2 : 1), `2026-11-${day}T08:30:00.000Z`);
      const { digest, next } = publish(state);
      kinds.push(digest?.kind);
      state = next;
    }
    expect(kinds).toEqual(["baseline", undefined, "changes", "changes", undefined, "weekly", undefined]);
    expect([weekOf("2026-11-22T23:59:59Z"), weekOf("2026-11-23T00:00:00Z")]).toEqual([
      "2026-11-16",
      "2026-11-23",
    ]);
  });

  it("keeps what it had while the management group of a subscription can't be read", () => {
    const one = (state: ControlState) => readingOf({ s1: { [cis]: { "4.1": state } } });
    const gone = readingOf({});
    const unread: Unread[] = [{ id: "platform", name: "platform", why: "denied", detail: "", group: true }];
    expect(changesOf(one("passed"), { ...gone, unread }, one("failed"))).toEqual([
      "4.1: passed → failed in s1",
    ]);
  });

  it("compares the figures of a week with those of a week ago", () => {
    let state = publish(compareCompliance(undefined, read(1), "2026-11-16T08:30:00.000Z")).next;
    state = publish(compareCompliance(state, read(2), "2026-11-20T08:30:00.000Z")).next;
    const { digest } = publish(compareCompliance(state, read(3), "2026-11-23T08:30:00.000Z"));
    expect(digest).toMatchObject({ kind: "weekly", since: "2026-11-16T08:30:00.000Z", failing: 1 });
    expect(digest?.standards[0]).toMatchObject({ counts: { failed: 3 }, was: { failed: 1 } });
    expect(digest?.trend).toHaveLength(3);
  });

  it("holds what its filter lets through only", () => {
    const two = (failed: ControlState) =>
      readingOf({ s1: { [cis]: { "4.1": "passed" } }, s2: { [cis]: { "4.1": failed } } });
    const state = publish(compareCompliance(undefined, two("passed"), slots[0]!), "f", new Set(["s1"])).next;
    const after = compareCompliance(state, two("failed"), slots[1]!);
    expect(
      complianceDigest(after, after.pending!, { name: "f", within: new Set(["s1"]) }).digest,
    ).toBeUndefined();
    const { digest } = complianceDigest(after, after.pending!, { name: "g", within: new Set(["s2"]) });
    expect(digest?.changes).toMatchObject([{ control: "4.1", to: "failed", names: ["Sub s2"], count: 1 }]);
    expect(complianceDigest(after, after.pending!, filter).digest?.failing).toBe(1);
  });

  it("says nothing of a new version of a standard in other subscriptions", () => {
    const two = (more: Record<string, ControlState>) =>
      readingOf({ s1: { [cis]: { "4.1": "passed" } }, s2: { [cis]: { "4.1": "passed", ...more } } });
    const state = publish(compareCompliance(undefined, two({}), slots[0]!)).next;
    const after = compareCompliance(state, two({ "4.2": "failed" }), slots[1]!);
    const digestFor = (id: string) =>
      complianceDigest(after, after.pending!, { name: "f", within: new Set([id]) }).digest;
    expect(digestFor("s1")).toBeUndefined();
    expect(digestFor("s2")).toMatchObject({ kind: "changes", added: 1, removed: 0 });
  });

  it("counts the changes that it has no room for", () => {
    const many = (state: ControlState) =>
      readingOf({
        s1: { [cis]: Object.fromEntries(Array.from({ length: 3000 }, (_, id) => [`c${id}`, state])) },
      });
    const first = publish(compareCompliance(undefined, many("passed"), slots[0]!)).next;
    const { digest } = publish(compareCompliance(first, many("failed"), slots[1]!));
    expect([digest?.changes.length, digest?.left, digest?.failing]).toEqual([500, 2500, 3000]);
  });
});
