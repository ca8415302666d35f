// Toasts stay ten seconds, and as long as they are hovered or focused. Ctrl+Z presses the newest 撤销.
import { isComposing, isTyping } from "./keys.js";

const STAY = 10_000;

function start(toast) {
  if (toast.dataset.started) return;
  toast.dataset.started = "1";
  let timer;
  const stop = () => clearTimeout(timer);
  const go = () => {
    stop();
    timer = setTimeout(() => toast.remove(), STAY);
  };
  toast.addEventListener("mouseenter", stop);
  toast.addEventListener("mouseleave", go);
  toast.addEventListener("focusin", stop);
  toast.addEventListener("focusout", go);
  go();
}

export function startToasts() {
  document.querySelectorAll("[data-toast]").forEach(start);
  document.addEventListener("htmx:load", () => document.querySelectorAll("[data-toast]").forEach(start));
  document.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || event.shiftKey || event.key !== "z" || isComposing(event) || isTyping(event)) return;
    const undo = document.querySelector(".toasts > :last-child [data-undo]");
    if (!undo) return;
    event.preventDefault();
    undo.click();
  });
}
