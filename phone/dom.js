// Small tools for building the page.

export const $ = (id) => document.getElementById(id);

const SAFE_LINK = /^(?:https?|tg|mailto|tel):/i;

export function isSafe(link) {
  return SAFE_LINK.test(link);
}

export function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

export function onPress(node, act) {
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
