// The buttons under a message.

import { post } from "./door.js";
import { $, isSafe, make } from "./dom.js";
import { showAlert, showToast } from "./notices.js";

const tapped = new Set(); // taps on their way to the server
let waiting = new Set(); // taps that the bot has not answered

export function keyboardOf(message) {
  const keyboard = make("div", { className: "keyboard", role: "group", ariaLabel: "Buttons" });
  message.keyboard.forEach((buttons, row) => {
    const line = keyboard.appendChild(make("div", { className: "row" }));
    buttons.forEach((button, column) => line.append(keyOf(message.id, button, row, column)));
  });
  return keyboard;
}

function keyOf(message, button, row, column) {
  const label = make("span", { textContent: button.text });
  const key = button.url ? linkTo(button.url, label) : make("button", { className: "key", type: "button" }, label);
  key.dataset.place = [message, row, column].join();
  if (button.copy) {
    key.classList.add("copies");
    key.setAttribute("aria-description", "Copies to the clipboard");
    key.addEventListener("click", () => copyText(button.copy));
  } else if (!button.url) {
    key.addEventListener("click", () => tap(key, { message, row, column }));
  }
  return key;
}

function linkTo(url, label) {
  const link = make("a", { className: "key opens", target: "_blank", rel: "noopener noreferrer" }, label);
  if (isSafe(url)) link.href = url;
  link.setAttribute("aria-description", "Opens beside the chat");
  return link;
}

async function tap(key, place) {
  if (key.classList.contains("waits")) return;
  tapped.add(key.dataset.place);
  key.classList.add("waits");
  await post("tap", place);
  tapped.delete(key.dataset.place);
  markWaiting();
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    showToast("Copied to clipboard.");
  } catch {
    showAlert(text); // no clipboard here: at least it can be selected
  }
}

export function showWaiting(places) {
  waiting = new Set(places.map((place) => place.join()));
  markWaiting();
}

function markWaiting() {
  for (const key of $("messages").querySelectorAll(".key")) {
    key.classList.toggle("waits", waiting.has(key.dataset.place) || tapped.has(key.dataset.place));
    key.setAttribute("aria-busy", key.classList.contains("waits"));
  }
}
