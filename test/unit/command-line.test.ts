import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { duration, flag, language, scope, severity, text } from "../../src/definitions/arguments.ts";
import { type CommandDefinition, command } from "../../src/definitions/command.ts";
import { confirmedLine, parseLine } from "../../src/dispatch/command-line.ts";
import { tokenise } from "../../src/dispatch/tokens.ts";
import { UserError } from "../../src/errors.ts";
import { commandLine } from "../../src/message/line.ts";

const plain = {
  texts: { en: { summary: "s" }, ja: { summary: "s" } },
  access: "anyone",
  effect: "none",
  run: async () => ({ headline: "", parts: [] }),
} as const;

const help = command({
  ...plain,
  examples: ["help"],
  arguments: z.object({ name: z.array(z.string()).default([]) }),
  positional: ["name"],
});
const alerts = command({
  ...plain,
  examples: ["alerts prod --since 24h"],
  arguments: z.object({
    scope: scope.optional(),
    severity: severity.optional(),
    since: duration.default(1000),
    language: language.optional(),
    csv: flag,
    alertType: text("ALERT-TYPE").optional(),
    only: z.array(scope).default([]),
  }),
  positional: ["scope"],
});
const anything = command({
  ...plain,
  examples: ["anything x"],
  arguments: z.object({
    first: z.string(),
    rest: z.array(z.string()).default([]),
    note: z.string().optional(),
    tag: z.array(z.string()).default([]),
    on: flag,
  }),
  positional: ["first", "rest"],
});
const commands = new Map<string, CommandDefinition>([
  ["help", help as CommandDefinition],
  ["alerts", alerts as CommandDefinition],
  ["anything", anything as CommandDefinition],
  ["secret", { ...help, hidden: true } as CommandDefinition],
]);
const args = (line: string) => parseLine(line, commands).args;
const refusal = (line: string): UserError => {
  try {
    parseLine(line, commands);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`“${line}” was understood`);
};

describe("a line is read as GNU tools read theirs", () => {
  it.each([
    ["alerts --severity high", { severity: "high" }],
    ["alerts --severity=high", { severity: "high" }],
    ["ALERTS --Severity HIGH", { severity: "high" }],
    ["alerts --csv", { csv: true }],
    ["alerts --csv=false", { csv: false }],
    ["alerts --since 24h", { since: 86_400_000 }],
    ["alerts --since=1d12h", { since: 129_600_000 }],
    ["alerts sub:prod-*", { scope: { kind: "sub", pattern: "prod-*" } }],
    ["alerts --scope sub:prod", { scope: { kind: "sub", pattern: "prod" } }],
    ["alerts --alert-type K8S.NODE_X", { alertType: "K8S.NODE_X" }],
    ["alerts --alertType K8S.NODE_X", { alertType: "K8S.NODE_X" }],
    ["alerts --severity low --severity high", { severity: "high" }],
    [
      "alerts --only sub:a --only=rg:b",
      {
        only: [
          { kind: "sub", pattern: "a" },
          { kind: "rg", pattern: "b" },
        ],
      },
    ],
    ["alerts -- --odd", { scope: { kind: "any", pattern: "--odd" } }],
    ['alerts "--odd"', { scope: { kind: "any", pattern: "--odd" } }],
    ["  alerts\u3000prod  ", { scope: { kind: "any", pattern: "prod" } }],
  ])("%s", (line, expected) => expect(args(line)).toMatchObject(expected));

  it.each([
    ['alerts "prod east"', "prod east"],
    ["alerts 'prod east'", "prod east"],
    ["alerts “prod east”", "prod east"],
    ["alerts „prod east“", "prod east"],
    ["alerts «prod east»", "prod east"],
    ["alerts ‘prod east’", "prod east"],
    ['alerts “prod east"', "prod east"],
    ['alerts sub:"prod east"', "prod east"],
    ["alerts 開発", "開発"],
    ["alerts don't", "don't"],
  ])("quotes of every kind: %s", (line, pattern) => expect(args(line).scope).toMatchObject({ pattern }));

  it.each(["alerts —csv", "alerts –csv", "alerts ––csv", "alerts －－csv", "alerts −−csv"])(
    "a dash that a client made typographic is an option: %s",
    (line) => expect(args(line)).toMatchObject({ csv: true }),
  );

  it.each([
    ["ａｌｅｒｔｓ　－－ｃｓｖ", { csv: true }],
    ["ALERTS －－severity＝ｈｉｇｈ", { severity: "high" }],
    ["alerts ｓｕｂ：ｐｒｏｄ－＊", { scope: { kind: "sub", pattern: "prod-*" } }],
    ["alerts sub：本番（東）", { scope: { kind: "sub", pattern: "本番（東）" } }],
    ["alerts sub：＂本番　東＂", { scope: { kind: "sub", pattern: "本番　東" } }],
    ['alerts sub:"Ｐ１"', { scope: { kind: "sub", pattern: "Ｐ１" } }],
    ["alerts 開発（１）", { scope: { kind: "any", pattern: "開発（１）" } }],
  ])("a Japanese keyboard in its wide mode is understood: %s", (line, expected) =>
    expect(args(line)).toMatchObject(expected),
  );

  it("a dash within a word stays as it is", () => {
    expect(args("alerts prod—east")).toMatchObject({ scope: { pattern: "prod—east" } });
  });

  it.each(["", "   ", "--help", "-h"])("“%s” asks for help", (line) => {
    expect(parseLine(line, commands)).toMatchObject({ name: "help", args: {} });
  });

  it("--help anywhere asks for that command's help, even with a mistake beside it", () => {
    expect(parseLine("alerts --severity wrong --help", commands)).toMatchObject({
      name: "help",
      args: { name: ["alerts"] },
    });
  });

  it.each([
    ["anything a --confirmed abc123", "anything a"],
    ["anything --confirmed abc123 a", "anything a"],
    ["anything --confirmed=abc123   a", "anything a"],
    ['anything a --confirmed "abc123"', "anything a"],
    ["anything a —confirmed abc123", "anything a"],
  ])("a confirmation is no argument, and no part of the line that it confirms: %s", (line, rest) => {
    const parsed = parseLine(line, commands);
    expect(parsed).toMatchObject({ confirmed: "abc123", line: rest, args: { first: "a", rest: [] } });
  });

  it.each([
    'anything a --note "agreed --confirmed by Ann"',
    "anything -- a --confirmed b",
    "anything “a --confirmed b”",
  ])("what only looks like a confirmation stays in the line: %s", (line) =>
    expect(parseLine(line, commands)).toMatchObject({ line, confirmed: undefined }),
  );
});

describe("a mistake is answered with what works", () => {
  it.each([
    ["alrets", /“alrets”.*Did you mean “alerts”/, "alerts"],
    ["xyzzy", /^Unknown command “xyzzy”\.$/, "help"],
    ["secrte", /Unknown command/, "help"],
    ["alerts --severty high", /Did you mean “--severity”/, "alerts prod --since 24h"],
    ["alerts --zzzzzz", /Use one of: --scope, --severity/, "alerts prod --since 24h"],
    ["alerts --severity hgih", /Did you mean “high”/, "alerts prod --since 24h"],
    ["alerts --since soon", /90m, 24h or 7d/, "alerts prod --since 24h"],
    ["alerts --since", /Missing value for --since/, "alerts prod --since 24h"],
    ["alerts --since --csv", /Missing value for --since/, "alerts prod --since 24h"],
    ["alerts vm:x", /SCOPE/, "alerts prod --since 24h"],
    ["alerts prod east", /Unexpected argument “east”/, "alerts prod --since 24h"],
    ['alerts "prod', /closing quotation mark/, undefined],
    ["alerts -csv", /Did you mean “--csv”/, "alerts prod --since 24h"],
    ["anything", /Missing FIRST/, "anything x"],
  ])("%s", (line, said, example) => {
    const error = refusal(line);
    expect(error.texts.en).toMatch(said);
    expect(error.texts.ja).toMatch(/[ぁ-んァ-ン]/);
    expect(error.example).toBe(example);
  });

  it("a hostile word of any length is answered and cut short", () => {
    const error = refusal("a".repeat(4000));
    expect(error.texts.en.length).toBeLessThan(300);
  });

  it.each([" ", "a", "-", '"', "a=", "--scope x "])(
    "a line of more than 4,000 characters is refused unread: %j",
    (piece) => {
      const error = refusal(`alerts${piece.repeat(40_000)}`);
      expect(error.texts.en).toMatch(
        /^This command is too long \([\d,]+ characters\)\. Use at most 4,000; a pattern such as /,
      );
      expect(error.texts.ja).toMatch(/^コマンドが長すぎます/);
    },
  );
});

describe("a line that a button carries", () => {
  const value = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string(),
    fc.constantFrom(
      "--csv",
      "--",
      "—x",
      "“a”",
      'a"b\\',
      "",
      " ",
      "'",
      "a b",
      "--confirmed x",
      "Ａ",
      "ａ：x",
      "本番＝1",
    ),
  );

  it("is read back as the values it was made of, whatever they hold", () => {
    fc.assert(
      fc.property(
        value,
        fc.array(value, { maxLength: 3 }),
        fc.option(value, { nil: undefined }),
        fc.array(value, { maxLength: 3 }),
        fc.boolean(),
        (first, rest, note, tag, on) => {
          const line = commandLine(["anything", first, ...rest], { note, tag, on });
          expect(args(line)).toEqual({ first, rest, tag, on, ...(note === undefined ? {} : { note }) });
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is still the same line when it comes back confirmed, whatever it holds", () => {
    fc.assert(
      fc.property(
        value,
        fc.array(value, { maxLength: 3 }),
        value,
        fc.boolean(),
        (first, rest, note, ends) => {
          const line = ends
            ? commandLine(["anything", "--", first, ...rest].map(String))
            : commandLine(["anything", first, ...rest], { note });
          const before = parseLine(line, commands);
          const after = parseLine(confirmedLine(before.line, "0a1b"), commands);
          expect(after).toEqual({ ...before, confirmed: "0a1b" });
          expect(after.line).toBe(line);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("names options as people type them", () => {
    expect(
      commandLine("mute", { alertType: "K8S.NODE_X", for: "4h", gone: undefined, csv: true, off: false }),
    ).toBe("mute --alert-type K8S.NODE_X --for 4h --csv");
    expect(commandLine(["alerts", "prod east"])).toBe('alerts "prod east"');
  });

  it("no text at all makes the reader throw anything but an answer to the person", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (line) => {
        try {
          parseLine(line, commands);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
        expect(tokenise(line) === undefined || Array.isArray(tokenise(line))).toBe(true);
      }),
    );
  });
});
