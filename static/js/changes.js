// The places where two texts differ: N and P, and two buttons, go from one to the next and say which it is.
import { announce, onKey } from "./keys.js";

const bar = document.querySelector("[data-change-steps]");
const marks = [...document.querySelectorAll("[data-changes] :is(del, ins, [data-change])")];

// The caption of a photo that was added or taken out is no change of its own.
const counts = (mark) => !mark.parentElement.closest("figure[data-change]");

// What was deleted and what was inserted in its place are one change.
const follows = (mark, other) => mark.matches("del, ins") && other && mark.previousSibling === other;

const places = [];
for (const mark of marks.filter(counts)) {
  const last = places.at(-1);
  if (follows(mark, last?.at(-1))) last.push(mark);
  else places.push([mark]);
}

let at = -1;

function show(words) {
  const count = bar.querySelector("[data-count]");
  count.textContent = words.replace("{at}", at + 1).replace("{all}", places.length);
  return count.textContent;
}

function step(by) {
  for (const mark of places[at] || []) mark.classList.remove("is-focus");
  at = Math.max(0, Math.min(places.length - 1, at + by));
  for (const mark of places[at]) mark.classList.add("is-focus");
  const [first] = places[at];
  first.tabIndex = -1;
  first.scrollIntoView({ block: "center" });
  first.focus({ preventScroll: true });
  announce(show(bar.dataset.place));
}

if (places.length) {
  bar.hidden = false;
  show(bar.dataset.all);
  for (const button of bar.querySelectorAll("button")) button.addEventListener("click", () => step(Number(button.dataset.step)));
  onKey("n", () => step(1));
  onKey("p", () => step(-1));
}
