// A quiz poll: its options are buttons until one is chosen; then it says which was right, in words and signs.

import { post } from "./door.js";
import { make } from "./dom.js";

export function pollOf(message) {
  const { poll } = message;
  const title = `question-${message.id}`;
  const group = make("div", { className: "poll" });
  group.setAttribute("role", "group");
  group.setAttribute("aria-labelledby", title);
  group.append(make("b", { className: "question", id: title, textContent: poll.question }));
  group.append(make("div", { className: "kind", textContent: poll.chosen === null ? "Quiz" : "Quiz, answered" }));
  poll.options.forEach((text, option) => group.append(optionOf(message, text, option)));
  if (poll.explanation) group.append(explanationOf(poll));
  return group;
}

function optionOf(message, text, option) {
  const { poll } = message;
  const open = poll.chosen === null;
  const row = make(open ? "button" : "div", { className: "option" });
  row.dataset.place = [message.id, "poll", option].join();
  row.append(make("span", { className: "sign", ariaHidden: "true", textContent: open ? "○" : signOf(poll, option) }));
  row.append(make("span", { textContent: text }));
  if (open) {
    row.type = "button";
    row.addEventListener("click", () => vote(row, poll.id, option));
    return row;
  }
  row.tabIndex = -1; // the focus stays where it was chosen
  const said = verdictOf(poll, option);
  if (said) row.append(make("span", { className: "verdict", textContent: said }));
  row.classList.toggle("right", option === poll.right);
  row.classList.toggle("wrong", option === poll.chosen && option !== poll.right);
  return row;
}

function vote(row, poll, option) {
  for (const other of row.parentElement.querySelectorAll(".option")) other.setAttribute("aria-disabled", "true");
  post("vote", { poll, option });
}

function signOf(poll, option) {
  if (option === poll.right) return "✓";
  return option === poll.chosen ? "✗" : "·";
}

function verdictOf(poll, option) {
  if (option === poll.chosen) return option === poll.right ? "Right, your answer" : "Wrong, your answer";
  return option === poll.right ? "The right answer" : "";
}

function explanationOf(poll) {
  const details = make("details", { className: "explanation", open: poll.chosen !== poll.right });
  details.append(make("summary", { textContent: "Explanation" }), make("p", { textContent: poll.explanation }));
  return details;
}

// What a screen reader is told of it: the question with its options, then how the answer was.
export function toldOf({ question, options, chosen, right, explanation }) {
  if (chosen === null) return `Quiz: ${question} ${options.join("; ")}.`;
  return chosen === right ? "Right." : `Wrong. The right answer: ${options[right]}. ${explanation}`;
}
