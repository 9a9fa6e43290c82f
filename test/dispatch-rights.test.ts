import { describe, expect, it } from "vitest";
import type { Chat } from "../src/ports.ts";
import { rightsPort } from "../src/rights.ts";

const failing = () => Promise.reject(new Error("Slack does not answer"));
const chat: Pick<Chat, "person" | "group" | "groupHandles"> = {
  person: async (id) => ({ id, name: id, member: !id.startsWith("UGUEST") }),
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
    const bare = rightsPort(access, { ...chat, groupHandles: failing });
    expect((await bare.may("UANY000001", "operator")).why.en).toContain("user group S0SECURITY");
  });

  it("where nobody is named, it says how to name somebody", async () => {
    const { why } = await rightsPort(access, chat).may("UNAMED0001", "approver");
    expect(why.en).toContain("access.approvers");
    expect(why.ja).toContain("access.approvers");
  });

  it("a look-up that fails refuses, and says so", async () => {
    const broken = rightsPort(access, { person: failing, group: failing, groupHandles: failing });
    for (const level of ["member", "operator"] as const) {
      const { allowed, why } = await broken.may("UGROUPED01", level);
      expect(allowed).toBe(false);
      expect(why.en).toContain("Slack did not say");
    }
  });

  it("a person named by id needs no look-up, so Slack's failure does not stop them", async () => {
    const broken = rightsPort(access, { person: failing, group: failing, groupHandles: failing });
    expect((await broken.may("UNAMED0001", "operator")).allowed).toBe(true);
  });

  it("a right that was lost is lost at once", async () => {
    let members = ["UGROUPED01"];
    const rights = rightsPort(access, { ...chat, group: async () => members });
    expect((await rights.may("UGROUPED01", "operator")).allowed).toBe(true);
    members = [];
    expect((await rights.may("UGROUPED01", "operator")).allowed).toBe(false);
  });
});
