// htmx: an expired session opens the note instead of a login page in a panel; polling rests in hidden tabs; the focus
// is not lost when a panel is swapped.
import { openDialog } from "./dialogs.js";
import { startErrorSummary } from "./forms.js";

export function sessionOver() {
  const dialog = document.getElementById("session-over");
  if (dialog && !dialog.open) openDialog(dialog);
}

export function startHtmx() {
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) sessionOver();
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const trigger = event.detail.requestConfig.triggeringEvent;
    const isPoll = !trigger && event.detail.elt.matches("[hx-trigger*='every']");
    if (isPoll && document.hidden) event.preventDefault();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    startErrorSummary(event.target);
    if (document.activeElement === document.body) {
      const next = event.target.querySelector("[data-next-focus]");
      if (next) next.focus();
    }
  });
}
