// ↑ ↓ go from hit to hit, also down from the search field.
import { isComposing, isTyping } from "./keys.js";

document.addEventListener("keydown", (event) => {
  if (isComposing(event) || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  const links = [...document.querySelectorAll(".results h2 a")];
  const here = links.indexOf(event.target);
  if (here < 0 && (isTyping(event) ? event.target.id !== "q" : !event.target.closest(".results"))) return;
  const next = links[here + (event.key === "ArrowUp" ? -1 : 1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
