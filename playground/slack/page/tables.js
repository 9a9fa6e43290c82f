import { node } from "./text.js";

/** A table as the client shows it: it sorts by its heads and turns pages. */
export function table(block, cell) {
  const [head = [], ...rows] = block.rows;
  const size = block.page_size ?? 5;
  const shown = { page: 0, column: undefined, down: false };
  const figure = node("figure", { class: "table" });
  const draw = () => figure.replaceChildren(...content());

  const order = () => {
    if (shown.column === undefined) return rows;
    const key = (row) => row[shown.column]?.value ?? row[shown.column]?.text ?? "";
    const compare = (a, b) =>
      typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
    const sorted = [...rows].sort((a, b) => compare(key(a), key(b)));
    return shown.down ? sorted.reverse() : sorted;
  };
  const sortBy = (column) => {
    shown.down = shown.column === column && !shown.down;
    shown.column = column;
    shown.page = 0;
    draw();
  };
  const headCell = (one, column) => {
    const mark = shown.column === column ? (shown.down ? " ▾" : " ▴") : "";
    return node("th", {}, node("button", { type: "button", onclick: () => sortBy(column) }, cell(one), mark));
  };
  const bodyCell = (one) => node("td", { class: one.type === "raw_number" ? "right" : "" }, cell(one));
  const turn = (by) => {
    shown.page += by;
    draw();
  };

  function content() {
    const pages = Math.max(1, Math.ceil(rows.length / size));
    const page = order().slice(shown.page * size, (shown.page + 1) * size);
    const pager = node(
      "div",
      { class: "pager" },
      node("button", { type: "button", disabled: shown.page === 0, onclick: () => turn(-1) }, "‹"),
      ` ${shown.page + 1} of ${pages} · ${rows.length} rows `,
      node("button", { type: "button", disabled: shown.page + 1 >= pages, onclick: () => turn(1) }, "›"),
    );
    return [
      block.caption ? node("figcaption", {}, block.caption) : "",
      node(
        "table",
        {},
        node("thead", {}, node("tr", {}, head.map(headCell))),
        node(
          "tbody",
          {},
          page.map((row) => node("tr", {}, row.map(bodyCell))),
        ),
      ),
      pages > 1 ? pager : "",
    ];
  }
  draw();
  return figure;
}
