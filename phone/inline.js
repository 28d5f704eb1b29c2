// Inline mode: what is typed behind `@bot ` is asked while it is typed, and the results stand above the input.

import { post } from "./door.js";
import { $, make } from "./dom.js";

const LONGEST = 256; // characters
const PAUSE = 250; // ms without a key before it is asked
const typed = $("typed");
const list = $("results");
let username = "";
let offered = null;
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
  const rows = fits ? offered.results.map(resultRow) : [];
  if (fits && offered.button.text) rows.unshift(buttonRow(offered.button));
  list.replaceChildren(...rows);
  list.hidden = rows.length === 0;
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
