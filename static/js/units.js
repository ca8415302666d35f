// The order of the units: dragging, and Alt+↑ ↓ within a row. Both do what the row's own buttons do.
import { isComposing } from "./keys.js";

function startDragging() {
  document.querySelectorAll("#units ol").forEach((list) => {
    window.Sortable.create(list, {
      animation: 0,
      group: "tiers",
      handle: ".grip",
      ghostClass: "sortable-ghost",
      onEnd: ({ item, from, to, oldIndex, newIndex }) => {
        if (from === to && oldIndex === newIndex) return;
        const values = { tier: to.dataset.tier, position: newIndex + 1 };
        item.querySelector("[data-up]").focus();
        window.htmx.ajax("POST", item.dataset.move, { source: item, target: "#units", swap: "outerHTML", values });
      },
    });
  });
}

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("#units li");
  if (!row || !event.altKey || event.ctrlKey || isComposing(event)) return;
  const button = { ArrowUp: "[data-up]", ArrowDown: "[data-down]" }[event.key];
  if (!button) return;
  event.preventDefault();
  row.querySelector(button).click();
});

// What htmx brings is the whole list.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "units") startDragging();
});

if (document.readyState === "complete") startDragging();
else window.addEventListener("load", startDragging);
