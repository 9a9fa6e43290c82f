import { describe, expect, it } from "vitest";
import { ids, run, value } from "../kusto-things.ts";

describe("conditions", () => {
  it.each([
    ["id == '/A/1'", ["/A/1"]],
    ["id == '/a/1'", []],
    ["id =~ '/a/1'", ["/A/1"]],
    ["id !~ '/a/1'", ["/A/2", "/a/3"]],
    ["id in ('/A/1', '/A/3')", ["/A/1"]],
    ["id in~ ('/a/1', '/A/3')", ["/A/1", "/a/3"]],
    ["id !in~ ('/a/1', '/A/3')", ["/A/2"]],
    ["s has 'BETA'", ["/A/1"]],
    ["s has 'bet'", []],
    ["s has 'delta'", ["/A/2"]],
    ["s has_cs 'BETA'", []],
    ["s !has 'beta'", ["/A/2", "/a/3"]],
    ["s contains 'MMA'", ["/A/2"]],
    ["s contains_cs 'MMA'", []],
    ["s !contains 'a'", ["/a/3"]],
    ["s startswith 'ALPHA'", ["/A/1"]],
    ["s startswith_cs 'ALPHA'", []],
    ["s endswith 'DELTA'", ["/A/2"]],
    ["s !endswith 'DELTA'", ["/A/1", "/a/3"]],
    ["s hasprefix 'del'", ["/A/2"]],
    ["s matches regex '^[a-z]+_'", ["/A/2"]],
    ["s matches regex '(?i)^ALPHA'", ["/A/1"]],
    ["s has_any ('beta', 'delta')", ["/A/1", "/A/2"]],
    ["s has_all ('alpha', 'beta')", ["/A/1"]],
    ["n between (1 .. 2)", ["/A/1"]],
    ["n !between (1 .. 2)", ["/a/3"]],
    ["n > 1 and s == ''", ["/a/3"]],
    ["not(n == 1)", ["/A/2", "/a/3"]],
    ["n == 1 or id == '/A/2'", ["/A/1", "/A/2"]],
    ["d.k['b c'] == 'x'", ["/A/1"]],
    ["d.K['b c'] == 'x'", []],
    ["d.on == true", ["/A/1"]],
    ["d.list[-1] == 3", ["/A/1"]],
    ["todatetime(d.at) between (datetime(2026-10-31) .. 2d)", ["/A/1"]],
    ["todatetime(d.at) > ago(30d)", ["/A/1"]],
    ["s in (dynamic(['Alpha beta', 'q']))", ["/A/1"]],
    ["set_has_element(d.list, 2)", ["/A/1"]],
  ])("where %s", (condition, expected) => {
    expect(ids(condition)).toEqual(expected);
  });
});

describe("null", () => {
  it.each([
    ["a null equals nothing that is something", "n == 1", ["/A/1"]],
    ["a null differs from everything that is something", "n != 1", ["/A/2", "/a/3"]],
    ["two nulls compare to null, which where drops", "n == long(null) and id == '/A/2'", []],
    ["an order with null is null", "not(n > 0)", []],
    ["null or true is true", "n > 5 or id == '/A/2'", ["/A/2"]],
    ["isnull finds it", "isnull(n)", ["/A/2"]],
    ["a string is never null", "isnull(s)", []],
    ["an empty string is empty", "isempty(s)", ["/a/3"]],
    ["a missing property is null, and empty", "isnull(d.at) and isempty(d.at)", ["/A/2", "/a/3"]],
    ["a missing property differs from a text", "d.at != 'x' and isnull(d)", ["/a/3"]],
  ])("%s", (_, condition, expected) => {
    expect(ids(condition)).toEqual(expected);
  });

  it("sorts nulls first ascending, last descending, or as asked", () => {
    const sorted = (by: string) => run(`things | order by ${by} | project id`).map(([id]) => id);
    expect(sorted("n asc")).toEqual(["/A/2", "/A/1", "/a/3"]);
    expect(sorted("n")).toEqual(["/a/3", "/A/1", "/A/2"]);
    expect(sorted("n asc nulls last")).toEqual(["/A/1", "/a/3", "/A/2"]);
  });
});

describe("scalar functions", () => {
  it.each([
    ["tostring(d.list)", "[1,2,3]"],
    ["tostring(d.nothing)", ""],
    ["tostring(true)", "true"],
    ["toint('12')", 12],
    ["tolong('x')", null],
    ["todouble('1.5') + 1", 2.5],
    ["tobool('True')", true],
    ["todatetime(d.at)", "2026-11-01T00:00:00.1234567Z"],
    ["now() - 1d", "2026-11-22T12:00:00.0000000Z"],
    ["datetime_diff('day', now(), datetime(2026-11-01T23:00:00Z))", 22],
    ["datetime_diff('month', datetime(2027-01-01), datetime(2026-12-31))", 1],
    ["bin(now(), 1d)", "2026-11-23T00:00:00.0000000Z"],
    ["bin(7, 5)", 5],
    ["format_datetime(now(), 'yyyy-MM-dd HH:mm')", "2026-11-23 12:00"],
    ["datetime(2026-11-02) - datetime(2026-11-01)", "1.00:00:00"],
    ["7 / 2", 3],
    ["7.0 / 2", 3.5],
    ["-7 % 5", 3],
    ["1 / 0", null],
    ["tolower('AB') ", "ab"],
    ["strcat('a', 1, true)", "a1true"],
    ["strlen('日本')", 2],
    ["substring('abcdef', 2, 3)", "cde"],
    ["split('a/b/c', '/')[1]", "b"],
    ["replace_string('a-b-c', '-', '+')", "a+b+c"],
    ["trim('[ x]', ' xax ')", "a"],
    ["extract('b=([0-9]+)', 1, 'a=1,b=22')", "22"],
    ["indexof('abc', 'c')", 2],
    ['parse_json(\'{"a":{"b":[5]}}\').a.b[0]', 5],
    ["parse_json('no json')", "no json"],
    ["iff(n == 1, 'one', 'more')", "one"],
    ["case(n == 2, 'two', n == 1, 'one', 'more')", "one"],
    ["coalesce(d.nothing, d.list[0])", 1],
    ["array_length(d.list)", 3],
    ["array_length(d.k)", null],
    ["bag_keys(d.k)", ["b c"]],
    ["bag_pack('a', 1, 'b', 'x')", { a: 1, b: "x" }],
    ["min_of(3, 1, 2)", 1],
    ["max_of(3, 1, 2)", 3],
    ["toguid('{B9E0E4A2-0CB4-4D8C-9D7A-0D2F4B2B7F11}')", "b9e0e4a2-0cb4-4d8c-9d7a-0d2f4b2b7f11"],
  ])("%s", (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it("hashes as the service does, with all 64 bits", () => {
    // The value of Kusto's documentation of hash(), cut into digits that no JavaScript number holds.
    expect(value("tostring(hash('World'))")).toBe("1846988464401551951");
    expect(value("hash('World', 100)")).toBe(51);
    expect(value("hash('World') % 100")).toBe(51);
  });
});
