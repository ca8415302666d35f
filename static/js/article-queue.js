// Reviewing: J and K go to the next and the previous article, in the list by moving the focus, on a page by its arrows.
// In the list X ticks the article that has the focus, and G goes to whom the ticked ones are given.
import { onKey } from "./keys.js";

const table = document.querySelector("[data-queue]");
const every = table ? [...table.querySelectorAll("a.t")] : [];

// The copies of one text are folded into one line, and unfolded by it.
for (const button of document.querySelectorAll(".fold-family")) {
  const members = document.getElementById(button.getAttribute("aria-controls"));
  const fold = (isFolded) => {
    members.hidden = isFolded;
    button.setAttribute("aria-expanded", String(!isFolded));
  };
  button.addEventListener("click", () => fold(!members.hidden));
  fold(true);
}

function step(by) {
  const links = every.filter((link) => !link.closest("[hidden]"));
  if (!table) {
    const arrow = document.querySelector(by > 0 ? "[data-next]" : "[data-previous]");
    if (arrow) arrow.click();
    return;
  }
  const row = document.activeElement.closest("tr");
  const at = row ? links.findIndex((link) => link.closest("tr") === row) : -1;
  const to = links[Math.max(0, Math.min(links.length - 1, at + by))];
  if (to) to.focus();
}

onKey("j", () => step(1));
onKey("k", () => step(-1));

const ticks = table ? [...table.querySelectorAll("input[name=article]")] : [];
const ticked = document.querySelector("[data-ticked]");

function count() {
  if (ticked) ticked.textContent = ticks.filter((tick) => tick.checked).length || "";
}

for (const tick of ticks) tick.addEventListener("change", count);
onKey("x", () => document.activeElement.closest("[data-queue] tr")?.querySelector("input[name=article]")?.click());
onKey("g", () => document.querySelector("[data-give] select")?.focus());
count();
