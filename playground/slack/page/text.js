/** Text into nodes. Nothing here ever becomes HTML: every string is set as text. */

export function node(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== ""));
  return element;
}

export function link(url, label) {
  const safe = /^(https?:|mailto:)/i.test(url) ? url : undefined;
  return node("a", { href: safe, target: "_blank", rel: "noreferrer" }, label || url);
}

const emoji = {
  warning: "⚠️",
  rotating_light: "🚨",
  white_check_mark: "✅",
  x: "❌",
  eyes: "👀",
  red_circle: "🔴",
  large_orange_circle: "🟠",
  large_yellow_circle: "🟡",
  large_blue_circle: "🔵",
  large_green_circle: "🟢",
  white_circle: "⚪",
  hourglass_flowing_sand: "⏳",
  mute: "🔇",
  bell: "🔔",
  shield: "🛡️",
  mag: "🔍",
  test_tube: "🧪",
  information_source: "ℹ️",
  lock: "🔒",
  clipboard: "📋",
  bar_chart: "📊",
  link: "🔗",
  tada: "🎉",
  bulb: "💡",
};

export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emoji[name] ?? whole);
const withoutEntities = (text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

export function mention(sign, name) {
  return node("span", { class: "mention" }, sign + name);
}

export function when(seconds, format) {
  const date = new Date(seconds * 1000);
  const shown = format.replace(/\{(\w+)\}/g, (_whole, token) =>
    token.startsWith("time")
      ? date.toLocaleTimeString([], { timeStyle: "short" })
      : date.toLocaleDateString([], { dateStyle: "medium" }),
  );
  return node("time", { datetime: date.toISOString() }, shown);
}

function control(inside, names) {
  const [target, ...rest] = inside.split("|");
  const label = withoutEntities(rest.join("|"));
  if (target.startsWith("@")) return mention("@", names.user(target.slice(1)));
  if (target.startsWith("#")) return mention("#", names.channel(target.slice(1)));
  if (target.startsWith("!subteam^")) return mention("@", names.group(target.slice(9)));
  if (target.startsWith("!date^")) return when(Number(target.split("^")[1]), target.split("^")[2] ?? "");
  if (target.startsWith("!")) return mention("@", target.slice(1));
  return link(withoutEntities(target), label);
}

const styles = [
  [/```([\s\S]+?)```/, (text) => node("pre", {}, withoutEntities(text))],
  [/`([^`\n]+)`/, (text) => node("code", {}, withoutEntities(text))],
  [/<([^<>\n]+)>/, (text, names) => control(text, names)],
  [/(?<![\w*])\*(?=\S)([^*\n]+?)\*(?!\w)/, (text, names) => node("b", {}, mrkdwn(text, names))],
  [/(?<!\w)_(?=\S)([^_\n]+?)_(?!\w)/, (text, names) => node("i", {}, mrkdwn(text, names))],
  [/(?<!\w)~(?=\S)([^~\n]+?)~(?!\w)/, (text, names) => node("s", {}, mrkdwn(text, names))],
];

/** mrkdwn as nodes. The earliest style wins, then the rest is read on. */
export function mrkdwn(text, names) {
  let best;
  for (const [pattern, make] of styles) {
    const match = pattern.exec(text);
    if (match && (!best || match.index < best.match.index)) best = { match, make };
  }
  if (!best) return text === "" ? [] : [withEmoji(withoutEntities(text))];
  const { match, make } = best;
  const before = text.slice(0, match.index);
  const after = text.slice(match.index + match[0].length);
  return [...mrkdwn(before, names), make(match[1], names), ...mrkdwn(after, names)];
}

/** A text object. */
export function text(object, names) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, names);
  return [object.emoji === false ? object.text : withEmoji(object.text)];
}
