/** Rows of a table that is written as text: a line each, with bars between the cells. */
export function rowsOf(table: string): string[][] {
  return table
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
}
