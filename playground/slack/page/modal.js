import { blocks } from "./blocks.js";
import { node, text } from "./text.js";

/** A modal as a dialog with inputs. `send(values)` and `dismiss()` bring the outcome. */
export function modal(view, { names, act, send, dismiss }) {
  const form = node("form", {
    onsubmit: (event) => {
      event.preventDefault();
      send(valuesIn(form, view));
    },
  });
  const parts = view.blocks.map((block) =>
    block.type === "input" ? field(block, names) : blocks([block], { names, act }),
  );
  form.append(
    node("h2", {}, text(view.title, names)),
    node("p", { class: "problem", role: "alert" }),
    ...parts.flat(),
    node(
      "footer",
      {},
      node("button", { type: "button", onclick: dismiss }, view.close?.text ?? "Close"),
      view.submit ? node("button", { class: "primary" }, view.submit.text) : "",
    ),
  );
  return form;
}

function field(block, names) {
  const hint = block.hint ? node("small", {}, text(block.hint, names)) : "";
  const optional = block.optional ? " (optional)" : "";
  return node("label", { class: "field" }, text(block.label, names), optional, input(block), hint);
}

function input({ element, block_id, optional }) {
  const common = { name: block_id, required: !optional, placeholder: element.placeholder?.text };
  if (element.options) {
    const choices = element.options.map((one) => {
      const selected = one.value === element.initial_option?.value;
      return node("option", { value: one.value, selected }, one.text.text);
    });
    return node("select", common, node("option", { value: "" }, element.placeholder?.text ?? "…"), choices);
  }
  const limits = { maxlength: element.max_length, minlength: element.min_length };
  if (element.multiline)
    return node("textarea", { ...common, ...limits, rows: 4 }, element.initial_value ?? "");
  return node("input", { ...common, ...limits, type: "text", value: element.initial_value });
}

function valuesIn(form, view) {
  const values = {};
  for (const { type, block_id } of view.blocks) {
    const field = type === "input" ? form.elements[block_id] : undefined;
    if (!field) continue;
    if (field.value.length > 0) values[block_id] = field.value;
  }
  return values;
}
