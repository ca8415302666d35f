// Reviewing: J and K go to the next and the previous article, in the list by moving the focus, on a page by its arrows.
import { onKey } from "./keys.js";

const table = document.querySelector("[data-queue]");
const links = table ? [...table.querySelectorAll("a.t")] : [];

function step(by) {
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
