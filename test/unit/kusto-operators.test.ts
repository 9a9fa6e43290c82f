import { describe, expect, it } from "vitest";
import { prepare, type Sources } from "../../playground/azure/kusto/query.ts";
import { names, now, refusal, run } from "../kusto-things.ts";

describe("tabular operators", () => {
  it("summarizes by keys, ignoring nulls as Kusto does", () => {
    const query = "things | summarize count(), dcount(n), sum(n), avg(n), m = max(n) by big = n > 1";
    expect(names(query)).toEqual(["big", "count_", "dcount_n", "sum_n", "avg_n", "m"]);
    expect(run(query)).toEqual([
      [false, 1, 1, 1, 1, 1],
      [null, 1, 0, 0, null, null],
      [true, 1, 1, 3, 3, 3],
    ]);
  });

  it("counts an empty table as one row of 0", () => {
    expect(run("things | where n > 99 | summarize count()")).toEqual([[0]]);
    expect(run("things | where n > 99 | count")).toEqual([[0]]);
  });

  it("has conditional and collecting aggregates, also inside expressions", () => {
    const query =
      "things | summarize countif(n > 1), sumif(n, n > 1), make_set(s), tostring(make_list(n)), max(n) * 2, arg_max(n, id, s), take_any(id)";
    const collected = ["Alpha beta", "gamma_delta", ""];
    expect(run(query)).toEqual([[1, 3, collected, "[1,3]", 6, 3, "/a/3", "", "/A/1"]]);
  });

  it("takes whole rows with arg_max(x, *)", () => {
    const query = "owners | extend size = strlen(owner) | summarize arg_max(owner, *) by id";
    expect(names(query)).toEqual(["id", "owner", "size"]);
    expect(run(query)).toEqual([
      ["/A/1", "bob", 3],
      ["/z", "zoe", 3],
    ]);
  });

  it("joins by the four kinds that are allowed", () => {
    const joined = (kind: string) =>
      run(`things | project id, n | join ${kind} (owners) on id | project id, n, id1, owner`);
    const ann = ["/A/1", 1, "/A/1", "ann"];
    const bob = ["/A/1", 1, "/A/1", "bob"];
    const alone = [
      ["/A/2", null, "", ""],
      ["/a/3", 3, "", ""],
    ];
    expect(joined("kind=inner")).toEqual([ann, bob]);
    expect(joined("kind=leftouter")).toEqual([ann, bob, ...alone]);
    expect(joined("kind=fullouter")).toEqual([ann, bob, ...alone, ["", null, "/z", "zoe"]]);
    const unique = run("owners | join (owners) on id | project owner, owner1");
    expect(unique).toEqual([
      ["ann", "ann"],
      ["ann", "bob"],
      ["zoe", "zoe"],
    ]);
  });

  it("joins by $left and $right, in this order", () => {
    const query =
      "owners | project o = owner, key = id | join kind=inner (things) on $left.key == $right.id | project o";
    expect(run(query)).toEqual([["ann"], ["bob"]]);
  });

  it("expands arrays: null to one row, an empty array to none, at most as many as asked", () => {
    expect(run("things | mv-expand one = d.list | project id, one")).toEqual([
      ["/A/1", 1],
      ["/A/1", 2],
      ["/A/1", 3],
      ["/a/3", null],
    ]);
    expect(run("things | mv-expand one = d.list to typeof(string) limit 2 | project one")).toEqual([
      ["1"],
      ["2"],
      [""],
    ]);
  });

  it("expands 128 elements of a row unless asked otherwise, without a word", () => {
    const wide: Sources = {
      wide: {
        columns: [{ name: "all", type: "dynamic" }],
        rows: () => [[Array.from({ length: 300 }, (_, at) => at)]],
      },
    };
    const rowsOf = (query: string) => prepare(query, wide).run(wide, now).rows.length;
    expect(rowsOf("wide | mv-expand all")).toBe(128);
    expect(rowsOf("wide | mv-expand all limit 300")).toBe(300);
  });

  it("projects, extends, drops and orders columns, and names unnamed ones as Kusto does", () => {
    expect(names("things | project d.k['b c'], tolower(id), n")).toEqual(["d_k_b c", "Column1", "n"]);
    expect(names("things | extend n = 'x', z = 1 | project-away d, s")).toEqual(["id", "n", "z"]);
    expect(run("things | extend n = strcat(n, '!') | project n")).toEqual([["1!"], ["!"], ["3!"]]);
    expect(run("things | top 1 by n asc nulls last | project id")).toEqual([["/A/1"]]);
    expect(run("things | distinct tolower(substring(id, 0, 2))")).toEqual([["/a"]]);
    expect(run("things | take 2 | count")).toEqual([[2]]);
  });

  it("unites tables by the names and types of their columns", () => {
    const query = "union (things | project id, x = n), (owners | project id, x = owner)";
    expect(names(query)).toEqual(["id", "x_long", "x_string"]);
    expect(run(`${query} | count`)).toEqual([[6]]);
    expect(run("things | project id | union (owners | project id) | where id == '/z'")).toEqual([["/z"]]);
  });

  it("does not care about the case of a table's name, but about that of a column's", () => {
    expect(run("THINGS | count")).toEqual([[3]]);
    expect(refusal("things | project ID")).toBe("InvalidQuery");
  });
});

describe("what Resource Graph refuses", () => {
  const join = "| join kind=inner (owners) on id | project id";
  it.each([
    ["things | where", "InvalidQuery"],
    ["things | where a b", "InvalidQuery"],
    ["things | where nothing == 1", "InvalidQuery"],
    ["nothing | take 1", "InvalidQuery"],
    ["let x = 1; things", "InvalidQuery"],
    ["things; owners", "InvalidQuery"],
    ["things | lookup owners on id", "DisallowedLogicalOperator"],
    ["things | project-rename x = id", "DisallowedLogicalOperator"],
    ["things | sample 1", "DisallowedLogicalOperator"],
    ["things | make-series count() on n step 1", "DisallowedLogicalOperator"],
    ["datatable (a: long) [1]", "DisallowedLogicalOperator"],
    ["things | join kind=leftanti (owners) on id", "InvalidQuery"],
    [`things ${join.repeat(3)} | count`, undefined],
    [`things ${join.repeat(4)}`, "DisallowedMaxNumberOfOperators"],
    [`things ${"| mv-expand d ".repeat(3)}`, undefined],
    [`things ${"| mv-expand d ".repeat(4)}`, "DisallowedMaxNumberOfOperators"],
    ["things | mv-expand d limit 500", "DisallowedMvExpandLimit"],
    ["union things, owners, owners", undefined],
    ["union things, owners, owners, things", "DisallowedMaxNumberOfOperators"],
    ["owners | join (things) on $right.id == $left.id", "InvalidQuery"],
    ["things | summarize count() by d", "InvalidQuery"],
    ["things | order by d.k", "InvalidQuery"],
    ["things | where id in (owners | project id)", "InvalidQuery"],
    ["things | where s matches regex '('", "InvalidQuery"],
    ["things | project rand()", "InvalidQuery"],
  ])("%s", (query, expected) => {
    expect(refusal(query)).toBe(expected);
  });
});
