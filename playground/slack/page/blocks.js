import { chart } from "./charts.js";
import { table } from "./tables.js";
import { link, mention, mrkdwn, node, text, when, withEmoji } from "./text.js";

/** Blocks as nodes. `act(element, block, option)` is called when something is pressed or chosen. */
export function blocks(list, { names, act }) {
  const draw = (block) => (drawers[block.type] ?? unknown)(block, { names, act });
  return list.map(draw);
}

const unknown = (block) => node("p", { class: "unknown" }, `[${block.type}]`);

const drawers = {
  header: (block, { names }) => node("h2", {}, text(block.text, names)),
  divider: () => node("hr"),
  section: (block, tools) =>
    node(
      "div",
      { class: "section" },
      node(
        "div",
        {},
        block.text ? node("p", {}, text(block.text, tools.names)) : "",
        block.fields
          ? node(
              "div",
              { class: "fields" },
              block.fields.map((one) => node("p", {}, text(one, tools.names))),
            )
          : "",
      ),
      block.accessory ? control(block.accessory, block, tools) : "",
    ),
  context: (block, { names }) =>
    node(
      "div",
      { class: "context" },
      block.elements.map((one) => (one.type === "image" ? image(one) : node("span", {}, text(one, names)))),
    ),
  actions: (block, tools) =>
    node(
      "div",
      { class: "actions" },
      block.elements.map((one) => control(one, block, tools)),
    ),
  image: (block) => node("figure", {}, image(block)),
  rich_text: (block, { names }) => node("div", { class: "rich" }, richText(block, names)),
  markdown: (block, { names }) => node("div", { class: "rich" }, mrkdwn(block.text, names)),
  table: (block, { names }) => table(block, (one) => cell(one, names)),
  data_table: (block, { names }) => table(block, (one) => cell(one, names)),
  data_visualization: (block) => chart(block),
  alert: (block, { names }) =>
    node("p", { class: `alert ${block.level ?? "default"}` }, text(block.text, names)),
  card: (block, tools) =>
    node(
      "div",
      { class: "card" },
      node("b", {}, text(block.title, tools.names)),
      node("p", {}, text(block.subtitle, tools.names)),
      node("p", {}, text(block.body, tools.names)),
      node(
        "div",
        { class: "actions" },
        (block.actions ?? []).map((one) => control(one, block, tools)),
      ),
    ),
  carousel: (block, tools) => node("div", { class: "carousel" }, blocks(block.elements, tools)),
  container: (block, tools) => {
    const title = block.rich_text_title
      ? richText(block.rich_text_title, tools.names)
      : text(block.title, tools.names);
    const open = !(block.is_collapsible && block.default_collapsed);
    return node(
      "details",
      { class: "card", open },
      node("summary", {}, title),
      blocks(block.child_blocks, tools),
    );
  },
  input: (block, tools) =>
    node("label", {}, text(block.label, tools.names), " ", control(block.element, block, tools)),
};

function image(one) {
  return one.image_url?.startsWith("https:")
    ? node("img", { src: one.image_url, alt: one.alt_text })
    : one.alt_text;
}

function cell(one, names) {
  return one.type === "rich_text" ? richText(one, names) : [one.text ?? String(one.value)];
}

function control(element, block, { names, act }) {
  if (element.type === "image") return image(element);
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
  const options = [
    ...(element.options ?? []),
    ...(element.option_groups ?? []).flatMap((group) => group.options),
  ];
  const first = node("option", { value: "" }, element.placeholder?.text ?? "…");
  const choices = options.map((one) => node("option", { value: one.value }, text(one.text, names)));
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
  if (one.type === "usergroup") return mention("@", names.group(one.usergroup_id));
  if (one.type === "broadcast") return mention("@", one.range);
  if (one.type === "date") return when(one.timestamp, one.format);
  if (one.type === "emoji") return withEmoji(`:${one.name}:`);
  return one.text ?? one.value ?? "";
}
