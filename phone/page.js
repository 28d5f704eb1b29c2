// One chat on a phone. The server pushes the whole state.

import { chat, post } from "./door.js";
import { $, make } from "./dom.js";
import { question, showInline } from "./inline.js";
import { showWaiting } from "./keyboard.js";
import { showMessages } from "./messages.js";
import { showAlert, showToast } from "./notices.js";

let toastsSeen = null;

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
  showMessages(state.messages, state.bot.username);
  showWaiting(state.waiting);
  showInline(state.bot, state.inline);
  if (toastsSeen !== null && state.toasts > toastsSeen && state.toast.text) {
    (state.toast.alert ? showAlert : showToast)(state.toast.text);
  }
  toastsSeen = state.toasts;
}

function showCommands(commands) {
  $("menu").hidden = commands.length === 0;
  const rows = commands.map(({ command, description }) => {
    const words = [make("b", { textContent: `/${command}` }), make("span", { textContent: description })];
    const button = make("button", { type: "button" }, ...words);
    button.addEventListener("click", () => {
      openMenu(false);
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
$("start").addEventListener("click", () => post("say", { text: "/start" }));
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
