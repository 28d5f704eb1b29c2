// What is said for a moment.

import { $ } from "./dom.js";

let timer = 0;

export function showToast(text) {
  const toast = $("toast");
  toast.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => (toast.textContent = ""), 2500 + 50 * text.length);
}

// What a screen reader says of its own accord.
export function announce(text) {
  $("said").textContent = text;
}

export function showAlert(text) {
  $("alert-text").textContent = text;
  if (!$("alert").open) $("alert").showModal();
}
