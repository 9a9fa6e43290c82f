import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { exemptionRole } from "../../playground/estate/estate.ts";
import {
  exemptionActions,
  exemptionRoleName,
  optionalGrants,
} from "../../src/azure/checks/optional-roles.ts";

const read = (path: string) => readFileSync(join(import.meta.dirname, "..", "..", "docs", path), "utf8");

it("the optional role holds the actions that are used, each explained, and nothing else", () => {
  const role = JSON.parse(read("azure-exemption-role.json"));
  expect(role).toMatchObject({ Name: exemptionRoleName, IsCustom: true, NotActions: [], DataActions: [] });
  expect(role.Actions).toEqual(exemptionActions.map(({ action }) => action));
  expect(exemptionRole().actions).toEqual(role.Actions);
  const page = read("exemptions.md");
  const rows = [...page.matchAll(/^\| `([^`]+)`\s*\| (.*?)\s*\|$/gm)].map(([, ...cells]) => cells);
  expect(rows).toEqual(exemptionActions.map(({ action, purpose }) => [action, purpose]));
  expect(page).toContain(`--role "${exemptionRoleName}"`);
});

it("differs from one that is assigned in part, as the page allows", () => {
  const grants = (actions: string[]) =>
    optionalGrants([{ actions, notActions: [] }]).map(({ state }) => state);
  const all = exemptionActions.map(({ action }) => action);
  expect(grants([])).toEqual(["absent", "absent"]);
  expect(grants(all)).toEqual(["whole", "absent"]);
  expect(grants(all.filter((action) => action.includes("/alertsSuppressionRules/")))).toEqual([
    "part",
    "absent",
  ]);
  expect(grants(["Microsoft.Security/pricings/write"])).toEqual(["absent", "part"]);
});
