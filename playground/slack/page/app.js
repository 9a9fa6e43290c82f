import { blocks } from "./blocks.js";
import { modal } from "./modal.js";
import { mrkdwn, node } from "./text.js";

const at = (id) => document.getElementById(id);
const place = { user: undefined, channel: undefined, thread: undefined };
let state;
let shownView;

const names = {
  user: (id) => state.users.find((user) => user.id === id)?.name ?? id,
  channel: (id) => state.channels.find((channel) => channel.id === id)?.name ?? id,
  group: (id) => state.usergroups.find((group) => group.id === id)?.handle ?? id,
};

async function ask(path, body) {
  const response = await fetch(`/ui/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...place, ...body }),
  });
  const answer = await response.json();
  at("notice").textContent = answer.error ?? answer.refused ?? "";
  return answer;
}

async function refresh() {
  const query = new URLSearchParams({ user: place.user ?? "", channel: place.channel ?? "" });
  state = await (await fetch(`/ui/state?${query}`)).json();
  if (!place.user) {
    // Somebody who reads what this browser's reader reads, so that the first answer is in their language.
    const people = state.users.filter((user) => !user.is_bot);
    const language = navigator.language.slice(0, 2);
    place.user = (people.find(({ locale }) => locale?.startsWith(language)) ?? people[0])?.id;
    place.channel = state.channels.find((channel) => !channel.is_archived)?.id;
    return refresh();
  }
  drawFrame();
  drawMessages();
  drawModal();
}

function drawFrame() {
  at("team").textContent = state.team.name;
  const channel = state.channels.find((one) => one.id === place.channel);
  const sign = (one) => (one.is_im ? "◦" : one.is_private ? "🔒" : "#");
  at("title").textContent = channel
    ? `${sign(channel)} ${channel.is_im ? names.user(channel.user) : channel.name}`
    : "";
  at("channels").replaceChildren(
    ...state.channels
      .filter((one) => !one.is_im || one.user === place.user)
      .map((one) =>
        node(
          "button",
          {
            type: "button",
            class: one.id === place.channel ? "here" : undefined,
            disabled: one.is_archived,
            onclick: () => go({ channel: one.id, thread: undefined }),
          },
          `${sign(one)} ${one.is_im ? state.bot.name : one.name}`,
          one.count ? node("small", {}, String(one.count)) : "",
        ),
      ),
  );
  const people = state.users.filter((user) => !user.is_bot);
  at("user").replaceChildren(
    ...people.map((user) =>
      node("option", { value: user.id, selected: user.id === place.user }, user.real_name ?? user.name),
    ),
  );
}

function go(change) {
  Object.assign(place, change);
  return refresh();
}

function drawMessages() {
  const top = state.messages.filter(
    (message) => !message.thread_ts || message.thread_ts === message.ts || !findTs(message.thread_ts),
  );
  fill(
    at("messages"),
    top.map((message) => drawMessage(message, true)),
  );
  const root = place.thread && findTs(place.thread);
  at("thread").hidden = !root;
  if (root)
    fill(
      at("replies"),
      [root, ...repliesOf(root)].map((message) => drawMessage(message, false)),
    );
}

const findTs = (ts) => state.messages.find((message) => message.ts === ts);
const repliesOf = (root) =>
  state.messages.filter((message) => message.thread_ts === root.ts && message.ts !== root.ts);

function fill(list, items) {
  const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 40;
  list.replaceChildren(...items);
  if (atEnd) list.scrollTop = list.scrollHeight;
}

const drawn = new Map();

/** A message that did not change keeps its node, and with it the page and order of its tables. */
function drawMessage(message, withThread) {
  const key = `${withThread}/${place.user}/${message.ts}`;
  const mark = JSON.stringify([message, withThread ? repliesOf(message).length : 0]);
  const known = drawn.get(key);
  if (known?.mark === mark) return known.item;
  const item = newMessage(message, withThread);
  drawn.set(key, { mark, item });
  return item;
}

function newMessage(message, withThread) {
  const act = (element, block, option) =>
    ask("press", { ts: message.ts, block_id: block.block_id, action_id: element.action_id, option });
  const time = new Date(Number(message.ts) * 1000).toLocaleTimeString([], { timeStyle: "short" });
  const isBot = message.user === state.bot.user_id;
  const replies = withThread ? repliesOf(message) : [];
  const openThread = () => go({ thread: message.ts });
  return node(
    "li",
    { class: message.ephemeral ? "ephemeral" : undefined },
    node("div", { class: isBot ? "face bot" : "face" }, names.user(message.user).slice(0, 1).toUpperCase()),
    node(
      "article",
      {},
      message.ephemeral ? node("small", { class: "only" }, "👁 Only visible to you") : "",
      node(
        "header",
        {},
        node("b", {}, names.user(message.user)),
        isBot ? node("small", { class: "app" }, "APP") : "",
        node("time", {}, time),
      ),
      message.blocks ? blocks(message.blocks, { names, act }) : node("p", {}, mrkdwn(message.text, names)),
      message.edited ? node("small", {}, "(edited)") : "",
      (message.files ?? []).map((file) =>
        node(
          "a",
          { class: "file", href: new URL(file.url_private).pathname, download: file.name },
          `📎 ${file.title} · ${file.name} · ${file.size} bytes`,
        ),
      ),
      replies.length
        ? node(
            "button",
            { type: "button", class: "replies", onclick: openThread },
            replies.length === 1 ? "1 reply" : `${replies.length} replies`,
          )
        : "",
      withThread && !message.ephemeral && !replies.length
        ? node("button", { type: "button", class: "replies quiet", onclick: openThread }, "Reply in thread")
        : "",
    ),
  );
}

function drawModal() {
  const dialog = at("modal");
  const { view } = state;
  const mark = view && `${view.id}/${view.hash}`;
  if (mark === shownView) return;
  shownView = mark;
  if (!view) return dialog.close();
  const act = (element, block, option) =>
    ask("press", { view: view.id, block_id: block.block_id, action_id: element.action_id, option });
  const send = async (values) => {
    const { errors } = await ask("submit", { view: view.id, values });
    if (errors) dialog.querySelector(".problem").textContent = Object.values(errors).join(" ");
  };
  dialog.replaceChildren(modal(view, { names, act, send, dismiss: () => ask("close", { view: view.id }) }));
  if (!dialog.open) dialog.showModal();
}

function sendLine(input, thread_ts) {
  return async (event) => {
    event.preventDefault();
    const text = at(input).value.trim();
    if (!text) return;
    at(input).value = "";
    await ask("type", { text, thread_ts: thread_ts() });
  };
}

at("composer").addEventListener(
  "submit",
  sendLine("line", () => undefined),
);
at("reply").addEventListener(
  "submit",
  sendLine("reply-line", () => place.thread),
);
at("close-thread").addEventListener("click", () => go({ thread: undefined }));
at("user").addEventListener("change", (event) => go({ user: event.target.value }));
at("modal").addEventListener("cancel", (event) => {
  event.preventDefault();
  if (state.view) ask("close", { view: state.view.id });
});
new EventSource("/ui/changes").addEventListener("message", refresh);
