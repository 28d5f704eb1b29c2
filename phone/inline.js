// Inline mode: what is typed behind `@bot ` is asked while it is typed, and the results stand above the input.

import { post } from "./door.js";
import { $, make } from "./dom.js";
import { announce } from "./notices.js";

const LONGEST = 256; // characters
const PAUSE = 250; // ms without a key before it is asked
const typed = $("typed");
const list = $("results");
let username = "";
let offered = null;
let listed = ""; // what the list shows
let timer = 0;

// What is asked behind the bot's name, or null outside of inline mode.
export function question() {
  const name = `@${username} `;
  return typed.value.toLowerCase().startsWith(name.toLowerCase()) ? typed.value.slice(name.length).trim().slice(0, LONGEST) : null;
}

export function showInline(bot, inline) {
  username = bot.username;
  offered = inline;
  showResults();
}

function showResults() {
  const asked = question();
  const fits = asked !== null && offered?.text === asked;
  const json = fits ? JSON.stringify(offered) : "";
  if (json === listed) return; // so that a row keeps the focus
  listed = json;
  const rows = fits ? offered.results.map(resultRow) : [];
  if (fits && offered.button.text) rows.unshift(buttonRow(offered.button));
  list.replaceChildren(...rows);
  list.hidden = rows.length === 0;
  if (rows.length) announce(`Results: ${rows.length}. The up arrow leads to them.`);
}

function resultRow({ id, title, description }) {
  const words = [make("b", { textContent: title }), make("span", { textContent: description })];
  return row(words, () => post("choose", { result: id }));
}

function buttonRow({ text, start_parameter }) {
  return row([make("b", { textContent: text })], () => post("say", { text: `/start ${start_parameter}` }));
}

function row(words, act) {
  const button = make("button", { type: "button" }, ...words);
  button.addEventListener("click", () => {
    typed.value = "";
    showResults();
    typed.focus();
    act();
  });
  return make("li", {}, button);
}

typed.addEventListener("input", () => {
  clearTimeout(timer);
  showResults();
  const text = question();
  if (text !== null) timer = setTimeout(() => post("ask", { text }), PAUSE);
});

typed.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowUp" || list.hidden) return;
  event.preventDefault();
  list.querySelector("button").focus();
});

list.addEventListener("keydown", (event) => {
  const rows = [...list.querySelectorAll("button")];
  const at = rows.indexOf(document.activeElement);
  const to = { ArrowUp: rows[at - 1], ArrowDown: rows[at + 1] ?? typed, Escape: typed }[event.key];
  if (!to) return;
  event.preventDefault();
  to.focus();
});
