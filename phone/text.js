// Text with entities, as DOM nodes: never as HTML.

import { isSafe, make, onPress } from "./dom.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

function nodeFor(entity) {
  if (entity.type === "text_link" && isSafe(entity.url)) {
    return make("a", { href: entity.url, target: "_blank", rel: "noopener noreferrer" });
  }
  if (entity.type === "spoiler") return opensOnTap(make("span", { className: "spoiler" }));
  return make(TAGS[entity.type] ?? "span");
}

export function fill(parent, text, entities, start, end) {
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

export function foldLongQuotes(item) {
  for (const quote of item.querySelectorAll(".folds")) {
    const inside = quote.firstElementChild;
    if (inside.scrollHeight <= inside.clientHeight + 1) {
      quote.classList.remove("folds");
      continue;
    }
    foldOnTap(quote);
  }
}

// It opens on a tap anywhere, by its button, and when a link in it gets the focus.
function foldOnTap(quote) {
  const button = make("button", { className: "fold", type: "button", ariaLabel: "The whole quotation" });
  const open = (opened) => button.setAttribute("aria-expanded", quote.classList.toggle("open", opened));
  open(false);
  quote.append(button);
  quote.addEventListener("click", (event) => event.target.closest("a") || open(!quote.classList.contains("open")));
  quote.addEventListener("focusin", (event) => event.target.closest("a") && open(true));
}
