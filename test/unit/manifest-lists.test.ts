import { expect, it } from "vitest";
import { withTagsOfLists } from "../../src/azure/registry/manifest-lists.ts";

it("gives the images of a manifest list the tags of the list, beside their own", () => {
  const listed = [
    { digest: "sha256:list", tags: ["1.8", "latest"], parts: ["sha256:amd", "sha256:arm"] },
    { digest: "sha256:amd", tags: ["1.8-amd64"], parts: [], pushed: "2026-08-01T08:00:00Z" },
    { digest: "sha256:arm", tags: [], parts: [] },
    { digest: "sha256:other", tags: ["1.7"], parts: [] },
  ];
  expect(withTagsOfLists(listed)).toEqual([
    { digest: "sha256:list", tags: ["1.8", "latest"] },
    { digest: "sha256:amd", tags: ["1.8", "1.8-amd64", "latest"], pushed: "2026-08-01T08:00:00Z" },
    { digest: "sha256:arm", tags: ["1.8", "latest"] },
    { digest: "sha256:other", tags: ["1.7"] },
  ]);
});
