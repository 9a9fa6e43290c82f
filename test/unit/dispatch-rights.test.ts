import { describe, expect, it } from "vitest";
import { rightsPort } from "../../src/dispatch/rights.ts";
import type { Directory, Person } from "../../src/ports/slack.ts";

const failing = () => Promise.reject(new Error("Slack does not answer"));
const personOf = (id: string, more: Partial<Person> = {}): Person => ({
  id,
  identity: id,
  name: id,
  member: !id.startsWith("UGUEST"),
  ...more,
});
const chat: Directory = {
  person: async (id) => personOf(id),
  identityOf: async (id) => id,
  group: async (id) => (id === "S0SECURITY" ? ["UGROUPED01"] : []),
  groupHandles: async () => new Map([["S0SECURITY", "security"]]),
};
const access = { operators: ["UNAMED0001", "S0SECURITY"], approvers: [] as string[] };

describe("rights are looked up when they are used", () => {
  it.each([
    ["UANY000001", "anyone", true],
    ["UGUEST0001", "anyone", true],
    ["UANY000001", "member", true],
    ["UGUEST0001", "member", false],
    ["UNAMED0001", "operator", true],
    ["UGROUPED01", "operator", true],
    ["UANY000001", "operator", false],
    ["UNAMED0001", "approver", false],
  ] as const)("%s as %s: %s", async (person, level, allowed) => {
    const verdict = await rightsPort(access, chat).may(person, level);
    expect(verdict.allowed).toBe(allowed);
    expect(verdict.why.en).not.toBe("");
    expect(verdict.why.ja).toMatch(/[ぁ-ん]/);
  });

  it("a refusal says who may: groups by their handles, or by their ids where Slack does not tell these", async () => {
    const { why } = await rightsPort(access, chat).may("UANY000001", "operator");
    expect(why.en).toContain("UNAMED0001");
    expect(why.en).toContain("the members of @security");
    const plain = rightsPort(access, { ...chat, groupHandles: failing });
    expect((await plain.may("UANY000001", "operator")).why.en).toContain("user group S0SECURITY");
  });

  it("where no one is named, it says how to name somebody", async () => {
    const { why } = await rightsPort(access, chat).may("UNAMED0001", "approver");
    expect(why.en).toContain("access.approvers");
    expect(why.ja).toContain("access.approvers");
  });

  it("a look-up that fails refuses, and says so", async () => {
    const broken = rightsPort(access, {
      person: failing,
      identityOf: failing,
      group: failing,
      groupHandles: failing,
    });
    for (const level of ["member", "operator"] as const) {
      const { allowed, why } = await broken.may("UGROUPED01", level);
      expect(allowed).toBe(false);
      expect(why.en).toContain("in Slack. Try again");
    }
  });

  it("a right that was lost is lost at once", async () => {
    let members = ["UGROUPED01"];
    const rights = rightsPort(access, { ...chat, group: async () => members });
    expect((await rights.may("UGROUPED01", "operator")).allowed).toBe(true);
    members = [];
    expect((await rights.may("UGROUPED01", "operator")).allowed).toBe(false);
  });
});

/** Anna is known by three ids, Ben by two, of one organisation; Kim is no member of it. */
const grid: Record<string, string> = {
  U0ANNA00001: "W0ANNA00000",
  U0ANNA00002: "W0ANNA00000",
  W0ANNA00000: "W0ANNA00000",
  U0BEN000001: "W0BEN000000",
  W0BEN000000: "W0BEN000000",
};
const organisation: Directory = {
  ...chat,
  person: async (id) =>
    personOf(id, grid[id] ? { identity: grid[id], organisation: "E0HARBOUR00" } : { identity: id }),
  identityOf: async (id) => grid[id] ?? id,
  group: async () => ["U0ANNA00001"],
};
const lists = { operators: ["S0SECURITY"], approvers: ["U0ANNA00002", "W0BEN000000"] };

describe("one human of an Enterprise Grid is one person", () => {
  const rights = rightsPort(lists, organisation);
  it.each([
    ["U0ANNA00001", "operator", true],
    ["W0ANNA00000", "operator", true],
    ["U0ANNA00002", "operator", true],
    ["U0BEN000001", "operator", false],
    ["W0ANNA00000", "approver", true],
    ["U0ANNA00001", "approver", true],
    ["U0BEN000001", "approver", true],
    ["U0KIM000001", "approver", false],
  ] as const)("%s as %s: %s", async (person, level, allowed) => {
    expect((await rights.may(person, level)).allowed).toBe(allowed);
  });

  it("ids are compared by their human; an id that cannot be looked up is neither the same nor another", async () => {
    expect(await rights.same("U0ANNA00001", "W0ANNA00000")).toBe(true);
    expect(await rights.same("U0ANNA00001", "U0BEN000001")).toBe(false);
    const broken = rightsPort(lists, { ...organisation, person: failing });
    expect(await broken.same("U0ANNA00001", "W0ANNA00000")).toBeUndefined();
    expect(await broken.same("U0ANNA00001", "U0ANNA00001")).toBe(true);
  });

  it("the settings name a human by any of the ids", async () => {
    expect(await rights.named("W0ANNA00000")).toBe(true);
    expect(await rights.named("U0BEN000001")).toBe(true);
    expect(await rights.named("U0KIM000001")).toBe(false);
  });

  it("where one who is listed cannot be looked up, it is refused as unknown, not as unlisted", async () => {
    const verdict = await rightsPort(lists, { ...organisation, identityOf: failing }).may(
      "W0ANNA00000",
      "operator",
    );
    expect(verdict).toMatchObject({ allowed: false, cause: "unread" });
  });
});

describe("a deactivated account", () => {
  const gone: Directory = {
    ...chat,
    person: async (id) => personOf(id, { member: false, deactivated: true }),
  };
  it.each([
    ["UANY000001", "member"],
    ["UNAMED0001", "operator"],
    ["UGROUPED01", "operator"],
  ] as const)("%s has no permission as %s, though it is named or listed", async (person, level) => {
    const verdict = await rightsPort(access, gone).may(person, level);
    expect(verdict).toMatchObject({ allowed: false, cause: "deactivated" });
    expect(verdict.why.en).toContain("deactivated");
  });

  it("a named account that cannot be looked up may be deactivated: refused", async () => {
    const verdict = await rightsPort(access, { ...chat, person: failing }).may("UNAMED0001", "operator");
    expect(verdict).toMatchObject({ allowed: false, cause: "unread" });
  });
});
