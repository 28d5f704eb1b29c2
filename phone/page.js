// One chat on a phone. The server pushes the whole state.

import { chat, post } from "./door.js";
import { $, make } from "./dom.js";
import { question, showInline } from "./inline.js";
import { showWaiting } from "./keyboard.js";
import { showMessages } from "./messages.js";
import { showAlert, showToast } from "./notices.js";

let toastsSeen = null;
let username = "";
let payload = new URLSearchParams(location.search).get("start"); // of the link that led here

function show(state) {
  const idle = document.activeElement === document.body;
  $("name").textContent = document.title = state.bot.name;
  $("avatar").textContent = state.bot.name.slice(0, 1);
  $("status").textContent = state.typing ? "typing…" : "bot";
  $("description").textContent = state.bot.description;
  username = state.bot.username;
  const empty = state.messages.length === 0;
  $("intro").hidden = !empty || !state.bot.description;
  showStart(empty || payload !== null);
  showCommands(state.bot.commands);
  showMessages(state.messages, state.bot.username);
  showWaiting(state.waiting);
  showInline(state.bot, state.inline);
  if (toastsSeen !== null && state.toasts > toastsSeen && state.toast.text) {
    (state.toast.alert ? showAlert : showToast)(state.toast.text);
  }
  toastsSeen = state.toasts;
  if (!idle) keepFocus();
}

// Where what had the focus has gone, the chat has it: the next Tab goes on from there.
function keepFocus() {
  const focused = document.activeElement;
  if (focused === document.body || !focused.checkVisibility()) $("talk").focus({ preventScroll: true });
}

function showStart(shown) {
  $("start").hidden = !shown;
  $("composer").hidden = shown;
}

function showCommands(commands) {
  $("menu").hidden = commands.length === 0;
  const rows = commands.map(({ command, description }) => {
    const words = [make("b", { textContent: `/${command}` }), make("span", { textContent: description })];
    const button = make("button", { type: "button" }, ...words);
    button.addEventListener("click", () => {
      openMenu(false);
      $("menu").focus();
      post("say", { text: `/${command}` });
    });
    return make("li", {}, button);
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
$("talk").addEventListener("click", () => openMenu(false));
$("typed").addEventListener("input", () => openMenu(false));
$("talk").addEventListener("click", (event) => {
  // A link to this bot leads to the phone of somebody else: Telegram itself is not there.
  const link = event.target.closest("a");
  const start = link?.href.startsWith(`https://t.me/${username}?`) && new URL(link.href).searchParams.get("start");
  if (!start) return;
  event.preventDefault();
  open(`?start=${encodeURIComponent(start)}`, "_blank", "noopener");
});
$("start").addEventListener("click", () => {
  post("say", { text: payload ? `/start ${payload}` : "/start" });
  payload = null;
  history.replaceState(null, "", `?chat=${chat}`);
  showStart(false);
  keepFocus();
});
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (question() !== null) return; // only a result can be sent
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

const events = new EventSource(`chats/${chat}/events`);
events.addEventListener("message", (event) => show(JSON.parse(event.data)));
events.addEventListener("error", () => ($("status").textContent = "connecting…"));
