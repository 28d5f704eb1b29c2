// A photo by itself: the whole of it across the screen, and on a tap larger, where there is more to see.

import { $ } from "./dom.js";

const LARGER = 2.5; // times the width of the screen
const WORTH = 1.2; // times: what grows less is not worth a button
const viewer = $("viewer");
const full = $("full");
const zoom = $("zoom");

export function openPhoto(source, words) {
  full.src = source;
  full.alt = words;
  show(false);
  zoom.hidden = true; // until it is known how large the photo is; for good if it does not load
  viewer.showModal();
  full.decode().then(
    () => (zoom.hidden = widest() < WORTH * full.offsetWidth),
    () => {},
  );
}

// In pixels of the page.
function widest() {
  return Math.min(full.naturalWidth, LARGER * viewer.clientWidth);
}

function show(larger) {
  viewer.classList.toggle("larger", larger);
  zoom.setAttribute("aria-pressed", larger);
  full.style.width = larger ? `${widest()}px` : "";
}

// What is at that point of the screen stays there.
function toggle(x, y) {
  if (zoom.hidden) return;
  const before = full.getBoundingClientRect();
  const [across, down] = [(x - before.left) / before.width, (y - before.top) / before.height];
  show(!viewer.classList.contains("larger"));
  const after = full.getBoundingClientRect();
  viewer.scrollBy(after.left + across * after.width - x, after.top + down * after.height - y);
}

full.addEventListener("click", (event) => toggle(event.clientX, event.clientY));
zoom.addEventListener("click", () => toggle(innerWidth / 2, innerHeight / 2));
viewer.addEventListener("click", (event) => event.target === viewer && viewer.close());
$("close").addEventListener("click", () => viewer.close());
