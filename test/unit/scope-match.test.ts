import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Read } from "../../src/domain/reading/reading.ts";
import { type Located, parseScope } from "../../src/domain/scope/scope.ts";
import { matchScope } from "../../src/domain/scope/scope-match.ts";
import { read } from "../dispatch-parts.ts";

const subscription = { id: "11111111-2222-3333-4444-555555555555", name: "Contoso Production" };
const places = [
  { subscription },
  { subscription, resourceGroup: "rg-prod", cluster: "aks-prod-web" },
  { subscription, resourceGroup: "rg-images", registry: "contosoprod" },
];
const match = (text: string, about: Partial<Read<Located[]>> = {}) =>
  matchScope(read<Located[]>(places, about), parseScope(text)!);

describe("a scope", () => {
  it.each(["aks-*", "AKS-PROD-WEB", "rg:rg-images", "registry:contoso*", "sub:Contoso*", subscription.id])(
    "%s matches the estate",
    (text) => expect(match(text)).toEqual({ kind: "matched" }),
  );

  it.each([
    ["aks-prodweb", "aks-prod-web"],
    ["cluster:aks-prodweb", "cluster:aks-prod-web"],
    ["registry:aks-prod-web", "cluster:aks-prod-web"],
    ["cluster:contosopord", "registry:contosoprod"],
    ["sub:Contoso Prodution", "sub:Contoso Production"],
    ["something-else-entirely", undefined],
  ])("%s matches nothing; meant was %s", (text, near) => {
    expect(match(text)).toMatchObject({ kind: "nothing", ...(near && { near }) });
    expect("near" in match(text)).toBe(near !== undefined);
  });

  it("a subscription that cannot be read matches all the same; what else does not is unknown", () => {
    const unread = [{ id: "s3", name: "sales", why: "denied" as const, detail: "" }];
    expect(match("sub:sales", { unread })).toEqual({ kind: "matched" });
    expect(match("aks-prodweb", { unread })).toMatchObject({ kind: "unknown", near: "aks-prod-web" });
  });

  it("finds the name meant among thousands", () => {
    const many = Array.from({ length: 5_000 }, (_, n) => ({ subscription, cluster: `zz-${n}` }));
    expect(matchScope(read([...many, ...places]), parseScope("aks-prodweb")!)).toMatchObject({
      near: "aks-prod-web",
    });
  });

  it("a suggestion always matches something", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("", "sub:", "rg:", "cluster:", "registry:"),
        fc.string({ minLength: 1 }),
        (prefix, word) => {
          const scope = parseScope(prefix + word);
          const result = scope && matchScope(read(places), scope);
          if (result && result.kind !== "matched" && result.near)
            expect(match(result.near)).toEqual({ kind: "matched" });
        },
      ),
    );
  });
});
