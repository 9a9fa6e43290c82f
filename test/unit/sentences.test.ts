import { describe, expect, it } from "vitest";
import { sentences } from "../../src/locales/sentences.ts";

const say = sentences({
  en: {
    waits_one: "{{count}} alert of {{all}} waits for {{who}}",
    waits_other: "{{count}} alerts of {{all}} wait",
  },
  ja: {
    waits_other: "{{all}} 件中 {{count}} 件",
  },
});

describe("a sentence", () => {
  it("has numbers with their separators, the count by which its plural form is chosen too", () => {
    expect(say("en")("waits", { count: 12_345, all: 1_000_000 })).toBe("12,345 alerts of 1,000,000 wait");
    expect(say("ja")("waits", { count: 12_345, all: 1_000_000 })).toBe("1,000,000 件中 12,345 件");
    expect(say("en").rich("waits", { count: 1, all: 2000, who: { person: "U1" } })).toEqual([
      "1 alert of 2,000 waits for ",
      { person: "U1" },
    ]);
  });

  it("takes a text from outside as it is, whatever it looks like", () => {
    expect(say("en")("waits", { count: 1, all: 1, who: "{{all}} $t(waits) <b>" })).toBe(
      "1 alert of 1 waits for {{all}} $t(waits) <b>",
    );
  });
});
