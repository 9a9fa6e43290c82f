import { chart } from "./charts.js";
import { table } from "./tables.js";
import { link, mention, node, text, when } from "./text.js";

/** Blocks as nodes. `act(element, block, option)` is called when something is pressed or chosen. */
export function blocks(list, { names, act }) {
  const draw = (block) => (drawers[block.type] ?? unknown)(block, { names, act });
  return list.map(draw);
}

const unknown = (block) => node("p", { class: "unknown" }, `[${block.type}]`);

const drawers = {
  header: (block, { names }) => node("h2", {}, text(block.text, names)),
  divider: () => node("hr"),
  section: (block, { names }) =>
    node(
      "div",
      {},
      block.text ? node("p", {}, text(block.text, names)) : "",
      block.fields
        ? node(
            "div",
            { class: "fields" },
            block.fields.map((one) => node("p", {}, text(one, names))),
          )
        : "",
    ),
  context: (block, { names }) =>
    node(
      "div",
      { class: "context" },
      block.elements.map((one) => node("span", {}, text(one, names))),
    ),
  actions: (block, tools) =>
    node(
      "div",
      { class: "actions" },
      block.elements.map((one) => control(one, block, tools)),
    ),
  rich_text: (block, { names }) => node("div", { class: "rich" }, richText(block, names)),
  data_table: (block, { names }) => table(block, (one) => cell(one, names)),
  data_visualization: (block) => chart(block),
  input: (block, tools) =>
    node("label", {}, text(block.label, tools.names), " ", control(block.element, block, tools)),
};

function cell(one, names) {
  return one.type === "rich_text" ? richText(one, names) : [one.text ?? String(one.value)];
}

function control(element, block, { names, act }) {
  if (element.type === "button") {
    const press = () => {
      if (!confirmed(element)) return;
      if (element.url) window.open(element.url, "_blank", "noreferrer");
      act(element, block);
    };
    return node(
      "button",
      { type: "button", class: element.style, title: element.accessibility_label, onclick: press },
      text(element.text, names),
    );
  }
  const first = node("option", { value: "" }, element.placeholder?.text ?? "…");
  const choices = element.options.map((one) => node("option", { value: one.value }, text(one.text, names)));
  const choose = (event) =>
    event.target.value && confirmed(element) && act(element, block, event.target.value);
  return node("select", { onchange: choose }, first, choices);
}

const confirmed = ({ confirm }) =>
  !confirm || window.confirm([confirm.title?.text, confirm.text?.text].filter(Boolean).join("\n\n"));

function richText(block, names) {
  return block.elements.map((part) => richPart(part, names));
}

function richPart(part, names) {
  const inline = () => part.elements.map((one) => styled(one, names));
  if (part.type === "rich_text_list") {
    const items = part.elements.map((item) => node("li", {}, richPart(item, names)));
    return node(part.style === "ordered" ? "ol" : "ul", { class: `indent-${part.indent ?? 0}` }, items);
  }
  if (part.type === "rich_text_preformatted") return node("pre", {}, inline());
  if (part.type === "rich_text_quote") return node("blockquote", {}, inline());
  return node("span", {}, inline());
}

function styled(one, names) {
  let content = richElement(one, names);
  for (const [style, tag] of [
    ["code", "code"],
    ["bold", "b"],
    ["italic", "i"],
    ["strike", "s"],
    ["underline", "u"],
  ])
    if (one.style?.[style]) content = node(tag, {}, content);
  return content;
}

function richElement(one, names) {
  if (one.type === "link") return link(one.url, one.text);
  if (one.type === "user") return mention("@", names.user(one.user_id));
  if (one.type === "channel") return mention("#", names.channel(one.channel_id));
  if (one.type === "date") return when(one.timestamp, one.format);
  return one.text ?? "";
}
