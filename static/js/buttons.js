// Busy: while a form is sent its button shows data-busy, keeps its width, and a second click is ignored.
// Blocked: aria-disabled="true" with data-blocked-by="id": pressing it moves the focus to the list of reasons.

export function startBusyButtons() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sending && !form.hasAttribute("data-resend")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (event.defaultPrevented || form.method !== "post") return;
    form.dataset.sending = "1";
    const button = event.submitter || form.querySelector("[type=submit]");
    if (button && button.dataset.busy) makeBusy(button);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest && event.target.closest("form");
    if (form) settle(form);
  });
  // Back button: the page may come out of the browser's memory as it was left.
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(settle));
}

function makeBusy(button) {
  button.style.minWidth = `${button.offsetWidth}px`;
  button.dataset.label = button.innerHTML;
  button.textContent = button.dataset.busy;
  button.setAttribute("aria-busy", "true");
}

function settle(form) {
  delete form.dataset.sending;
  document.querySelectorAll("[aria-busy=true][data-label]").forEach((button) => {
    if (button.form !== form) return;
    button.innerHTML = button.dataset.label;
    delete button.dataset.label;
    button.removeAttribute("aria-busy");
  });
}

export function startBlockedButtons() {
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest("[aria-disabled=true]");
      if (!button) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const reasons = document.getElementById(button.dataset.blockedBy);
      if (!reasons) return;
      reasons.tabIndex = -1;
      reasons.focus();
      reasons.scrollIntoView({ block: "nearest" });
    },
    true,
  );
}
