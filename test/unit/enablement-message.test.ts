import { expect, it } from "vitest";
import { enablementMessage } from "../../src/message/enablement/enablement.ts";
import { textOf } from "../dispatch-parts.ts";
import { enablementOf, planStep } from "../enablements.ts";

it("offers to undo what was changed, not what someone else had turned on", () => {
  const other = { ...planStep, kind: "foundational" as const };
  const one = enablementOf({
    state: "proving",
    steps: [
      { ...planStep, state: "changed" },
      { ...other, state: "already" },
    ],
  });
  const text = textOf(enablementMessage(one, "en"));
  expect(text).toContain("--name Containers --tier free");
  expect(text).not.toContain("FoundationalCspm");
  const already = enablementMessage({ ...one, steps: [one.steps[1]!] }, "en");
  expect(textOf(already)).not.toContain("To undo it");
});
