// The messages of the chat. What did not change is left alone.

import { $, make } from "./dom.js";
import { keyboardOf } from "./keyboard.js";
import { announce } from "./notices.js";
import { pollOf, toldOf as quizOf } from "./polls.js";
import { fill, foldLongQuotes } from "./text.js";
import { openPhoto } from "./viewer.js";

const talk = $("talk");
const list = $("messages");
const shown = new Map(); // message id -> {item, json}
let revealed = null;

function messageItem(message, username) {
  const item = make("li", { className: "message" });
  item.classList.toggle("mine", !message.bot);
  item.classList.toggle("keyed", message.keyboard.length > 0);
  const bubble = item.appendChild(make("div", { className: "bubble" }));
  bubble.append(make("span", { className: "unseen", textContent: message.bot ? "The bot:" : "You:" }));
  if (message.via_bot) bubble.append(make("div", { className: "via", textContent: `via @${username}` }));
  if (message.file) bubble.append(message.file.kind === "photo" ? photoOf(message, item) : documentOf(message.file));
  if (message.poll) bubble.append(pollOf(message));
  const words = bubble.appendChild(make("div", { className: "words" }));
  fill(words, message.text, [...message.entities], 0, message.text.length);
  bubble.append(make("div", { className: "when", textContent: whenSaid(message) }));
  if (message.keyboard.length) item.append(keyboardOf(message));
  return item;
}

function photoOf(message, item) {
  const image = make("img", { src: addressOf(message.file), alt: "" }); // the words below tell it
  image.addEventListener("load", () => revealed === item && reveal(item));
  const button = make("button", { className: "photo", type: "button", ariaLabel: "Open the photo" }, image);
  button.addEventListener("click", () => openPhoto(image.src, message.text || "Photo"));
  return button;
}

function documentOf(file) {
  const name = make("b", { textContent: file.name });
  const size = make("span", { textContent: sizeOf(file.size) });
  return make("a", { className: "document", href: addressOf(file), download: file.name }, name, size);
}

function addressOf(file) {
  return `files/${file.id}`;
}

function sizeOf(bytes) {
  const kilobytes = bytes / 1024;
  if (bytes < 1024) return `${bytes} B`;
  return kilobytes < 1024 ? `${kilobytes.toFixed(1)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

function whenSaid(message) {
  const date = new Date((message.edited || message.date) * 1000);
  const time = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return message.edited ? `edited ${time}` : time;
}

export function showMessages(messages, username) {
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
    const item = messageItem(message, username);
    const place = before?.item.contains(document.activeElement) && document.activeElement.dataset.place;
    if (before) before.item.replaceWith(item);
    else list.append(item);
    shown.set(message.id, { item, json });
    foldLongQuotes(item);
    if (place) refocus(item, place);
    if (!before || words(before.json) !== words(json)) {
      changed = item;
      if (message.bot) announce(toldOf(message));
    }
  }
  if (changed) reveal(changed);
}

function toldOf({ text, file, poll, keyboard }) {
  const buttons = keyboard.flat().length;
  return [file && `A ${file.kind}.`, poll && quizOf(poll), text, buttons && `Buttons: ${buttons}.`].filter(Boolean).join(" ");
}

function words(json) {
  const { text, file, poll } = JSON.parse(json);
  return text + file?.id + poll?.id + poll?.chosen;
}

function refocus(item, place) {
  const key = item.querySelector(`[data-place="${place}"]`) ?? item.querySelector(".key");
  (key ?? talk).focus({ preventScroll: true });
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
