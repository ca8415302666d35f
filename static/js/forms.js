// Forms: the error summary takes the focus, its links put it into the fields, and a password can be shown.

export function startErrorSummary(root) {
  const summary = root.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus();
  });
}

export function startPasswordToggle() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show-password]");
    if (!button) return;
    const input = document.getElementById(button.dataset.showPassword);
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  });
}

// An empty required field says what is missing in the page's own words, above the field, not in the browser's bubble.
export function startRequiredWords() {
  document.addEventListener(
    "invalid",
    (event) => {
      const control = event.target;
      if (!control.dataset.required || !control.validity.valueMissing) return;
      event.preventDefault();
      let words = document.getElementById(`${control.id}_error`);
      if (!words) {
        words = document.createElement("p");
        words.className = "field-error";
        words.id = `${control.id}_error`;
        words.setAttribute("role", "alert");
        control.before(words);
        const described = control.getAttribute("aria-describedby");
        control.setAttribute("aria-describedby", [words.id, described].filter(Boolean).join(" "));
      }
      words.textContent = control.dataset.required;
      control.setAttribute("aria-invalid", "true");
      control.focus();
    },
    true,
  );
}

// Leaving a form with data-unsaved asks first when something was typed and not saved.
export function startUnsavedWarning() {
  const unsaved = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-unsaved]");
    if (form) unsaved.add(form);
  });
  document.addEventListener("submit", (event) => unsaved.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    if (unsaved.size) event.preventDefault();
  });
}
