// The lines of a recipient list: Alt+↑ ↓ moves a line, Enter adds one below. Both press the row's own buttons.
import { isComposing } from "./keys.js";

document.addEventListener("keydown", (event) => {
  const input = event.target.closest?.("[data-lines] li input");
  if (!input || isComposing(event) || event.ctrlKey || event.metaKey) return;
  const row = input.closest("li");
  let button = null;
  if (event.altKey && event.key === "ArrowUp") button = row.querySelector("[data-up]");
  else if (event.altKey && event.key === "ArrowDown") button = row.querySelector("[data-down]");
  else if (event.key === "Enter" && !event.altKey) button = row.querySelector("[data-add]");
  if (!button) return;
  event.preventDefault();
  if (button.getAttribute("aria-disabled") !== "true") button.click();
});

// The row that was moved or added gets the focus, whatever the swap did to it.
document.addEventListener("htmx:afterSettle", () => {
  const next = document.querySelector("[data-lines] [data-next-focus]");
  if (next) next.focus();
});
