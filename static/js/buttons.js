// Busy: while a form is sent its button shows data-busy, keeps its width, and a second click is ignored.
// Blocked: aria-disabled="true" with data-blocked-by="id": pressing it moves the focus to the list of reasons.

export function startBusyButtons() {
  // Before htmx hears of it, which would send the form once more when the first answer is there.
  document.addEventListener("submit", (event) => event.target.dataset.sending && stop(event), true);
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return; // htmx sends it: see below
    begin(event.target, event.submitter);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const submit = submitBehind(event);
    if (submit) begin(event.target, submit.submitter);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (submitBehind(event)) settle(event.target);
  });
  // Back button: the page may come out of the browser's memory as it was left.
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(settle));
}

function stop(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

// A form may also send itself without being submitted (saving in the background): that keeps no button busy.
function submitBehind(event) {
  const trigger = event.detail.requestConfig.triggeringEvent;
  return event.target.tagName === "FORM" && trigger && trigger.type === "submit" ? trigger : null;
}

function begin(form, submitter) {
  form.dataset.sending = "1";
  const button = submitter || form.querySelector("[type=submit]");
  if (button?.dataset.busy) makeBusy(button);
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
      stop(event);
      const reasons = document.getElementById(button.dataset.blockedBy);
      if (!reasons) return;
      reasons.tabIndex = -1;
      reasons.focus();
      reasons.scrollIntoView({ block: "nearest" });
    },
    true,
  );
}
