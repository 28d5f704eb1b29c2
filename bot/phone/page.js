// One chat on a phone. The server pushes the whole state; what did not change is left alone.

const chat = new URLSearchParams(location.search).get("chat");
const $ = (id) => document.getElementById(id);
const talk = $("talk");
const list = $("messages");
const shown = new Map(); // message id -> {item, json}
const tapped = new Set(); // taps on their way to the server
let waiting = new Set(); // taps that the bot has not answered
let toastsSeen = null;
let toastTimer = 0;
let revealed = null;

// Text with entities, as DOM nodes.

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};
const SAFE_LINK = /^(?:https?|tg|mailto|tel):/i;

function nodeFor(entity) {
  if (entity.type === "text_link" && SAFE_LINK.test(entity.url)) {
    return make("a", { href: entity.url, target: "_blank", rel: "noopener noreferrer" });
  }
  if (entity.type === "spoiler") return opensOnTap(make("span", { className: "spoiler" }));
  return make(TAGS[entity.type] ?? "span");
}

function fill(parent, text, entities, start, end) {
  let at = start;
  while (entities.length && entities[0].offset < end) {
    const entity = entities.shift();
    const stop = entity.offset + entity.length;
    parent.append(text.slice(at, entity.offset));
    const node = nodeFor(entity);
    const isQuote = node.tagName === "BLOCKQUOTE";
    const inside = isQuote ? node.appendChild(make("span", { className: "quoted" })) : node;
    if (entity.type === "expandable_blockquote") node.classList.add("folds");
    fill(inside, text, entities, entity.offset, stop);
    parent.append(node);
    // The line break after a block is the block's own.
    at = (isQuote || entity.type === "pre") && text[stop] === "\n" ? stop + 1 : stop;
  }
  parent.append(text.slice(at, end));
}

function opensOnTap(node) {
  onPress(node, () => node.classList.add("open"));
  return node;
}

function foldLongQuotes(item) {
  for (const quote of item.querySelectorAll(".folds")) {
    const inside = quote.firstElementChild;
    if (inside.scrollHeight <= inside.clientHeight + 1) {
      quote.classList.remove("folds");
      continue;
    }
    quote.setAttribute("aria-expanded", "false");
    onPress(quote, () => quote.setAttribute("aria-expanded", quote.getAttribute("aria-expanded") !== "true"));
  }
}

function onPress(node, act) {
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  node.addEventListener("click", (event) => event.target.closest("a") || act());
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      act();
    }
  });
}

// Messages.

function messageItem(message) {
  const item = make("li", { className: "message" });
  item.classList.toggle("mine", !message.bot);
  item.classList.toggle("keyed", message.keyboard.length > 0);
  const bubble = item.appendChild(make("div", { className: "bubble" }));
  if (message.photo) {
    const image = make("img", { src: `photos/${message.photo}`, alt: message.text || "Photo" });
    image.addEventListener("load", () => revealed === item && reveal(item));
    bubble.append(image);
  }
  const words = bubble.appendChild(make("div", { className: "words" }));
  fill(words, message.text, [...message.entities], 0, message.text.length);
  bubble.append(make("div", { className: "when", textContent: whenSaid(message) }));
  if (message.keyboard.length) item.append(keyboardOf(message));
  return item;
}

function whenSaid(message) {
  const date = new Date((message.edited || message.date) * 1000);
  const time = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return message.edited ? `edited ${time}` : time;
}

function keyboardOf(message) {
  const keyboard = make("div", { className: "keyboard" });
  message.keyboard.forEach((buttons, row) => {
    const line = keyboard.appendChild(make("div", { className: "row" }));
    buttons.forEach((button, column) => line.append(keyOf(message.id, button, row, column)));
  });
  return keyboard;
}

function keyOf(message, button, row, column) {
  const key = make("button", { className: "key", type: "button" });
  key.append(make("span", { textContent: button.text }));
  key.dataset.place = [message, row, column].join();
  if (button.copy) {
    key.classList.add("copies");
    key.addEventListener("click", () => copyText(button.copy));
  } else if (button.url) {
    key.addEventListener("click", () => SAFE_LINK.test(button.url) && open(button.url, "_blank", "noopener"));
  } else {
    key.addEventListener("click", () => tap(key, { message, row, column }));
  }
  return key;
}

async function tap(key, place) {
  if (key.classList.contains("waits")) return;
  tapped.add(key.dataset.place);
  key.classList.add("waits");
  await post("tap", place);
  tapped.delete(key.dataset.place);
  showWaiting();
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    showToast("Copied to clipboard.");
  } catch {
    showAlert(text); // no clipboard here: at least it can be selected
  }
}

// The state.

function show(state) {
  $("name").textContent = document.title = state.bot.name;
  $("avatar").textContent = state.bot.name.slice(0, 1);
  $("status").textContent = state.typing ? "typing…" : "bot";
  $("description").textContent = state.bot.description;
  const empty = state.messages.length === 0;
  $("intro").hidden = !empty || !state.bot.description;
  $("start").hidden = !empty;
  $("composer").hidden = empty;
  showCommands(state.bot.commands);
  showMessages(state.messages);
  waiting = new Set(state.waiting.map((place) => place.join()));
  showWaiting();
  if (toastsSeen !== null && state.toasts > toastsSeen && state.toast.text) {
    (state.toast.alert ? showAlert : showToast)(state.toast.text);
  }
  toastsSeen = state.toasts;
}

function showMessages(messages) {
  const ids = new Set(messages.map((message) => message.id));
  for (const [id, { item }] of shown) {
    if (!ids.has(id)) {
      item.remove();
      shown.delete(id);
    }
  }
  let changed = null;
  for (const message of messages) {
    const json = JSON.stringify(message);
    const before = shown.get(message.id);
    if (before?.json === json) continue;
    const item = messageItem(message);
    const place = before?.item.contains(document.activeElement) && document.activeElement.dataset.place;
    if (before) before.item.replaceWith(item);
    else list.append(item);
    shown.set(message.id, { item, json });
    foldLongQuotes(item);
    if (place) refocus(item, place);
    if (!before || words(before.json) !== words(json)) changed = item;
  }
  if (changed) reveal(changed);
}

function words(json) {
  const { text, photo } = JSON.parse(json);
  return text + photo;
}

function refocus(item, place) {
  const key = item.querySelector(`[data-place="${place}"]`) ?? item.querySelector(".key");
  (key ?? talk).focus({ preventScroll: true });
}

function showWaiting() {
  for (const key of list.querySelectorAll(".key")) {
    key.classList.toggle("waits", waiting.has(key.dataset.place) || tapped.has(key.dataset.place));
    key.setAttribute("aria-busy", key.classList.contains("waits"));
  }
}

function reveal(item) {
  revealed = item;
  const gap = 8;
  const top = item.offsetTop - gap;
  const bottom = item.offsetTop + item.offsetHeight + gap;
  if (bottom - top > talk.clientHeight) talk.scrollTop = top;
  else if (bottom > talk.scrollTop + talk.clientHeight) talk.scrollTop = bottom - talk.clientHeight;
  else if (top < talk.scrollTop) talk.scrollTop = top;
}

// What is said for a moment.

function showToast(text) {
  const toast = $("toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.hidden = true), 2500 + 50 * text.length);
}

function showAlert(text) {
  $("alert-text").textContent = text;
  if (!$("alert").open) $("alert").showModal();
}

// What the person does.

function showCommands(commands) {
  $("menu").hidden = commands.length === 0;
  const rows = commands.map(({ command, description }) => {
    const button = make("button", { type: "button" });
    button.append(make("b", { textContent: `/${command}` }), make("span", { textContent: description }));
    button.addEventListener("click", () => {
      openMenu(false);
      post("say", { text: `/${command}` });
    });
    const row = make("li");
    row.append(button);
    return row;
  });
  if ($("commands").childElementCount !== rows.length) $("commands").replaceChildren(...rows);
}

function openMenu(open) {
  $("commands").hidden = !open;
  $("menu").setAttribute("aria-expanded", open);
  if (open) $("commands").querySelector("button")?.focus();
}

$("menu").addEventListener("click", () => openMenu($("commands").hidden));
$("commands").addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    openMenu(false);
    $("menu").focus();
  }
});
talk.addEventListener("click", () => openMenu(false));
$("start").addEventListener("click", () => post("say", { text: "/start" }));
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("typed").value.trim();
  if (text) post("say", { text });
  $("typed").value = "";
});
$("typed").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("composer").requestSubmit();
  }
});

async function post(what, body) {
  try {
    await fetch(`chats/${chat}/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    showToast("Not sent: there is no connection.");
  }
}

function make(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}

const events = new EventSource(`chats/${chat}/events`);
events.addEventListener("message", (event) => show(JSON.parse(event.data)));
events.addEventListener("error", () => ($("status").textContent = "connecting…"));
