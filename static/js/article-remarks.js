// Remarks: a click on a paragraph chooses it in the form; R goes to the words of a new remark.
import { isComposing, onKey } from "./keys.js";

const chosen = () => document.getElementById("remark-paragraph");

function mark(number) {
  document.querySelectorAll(".text .is-meant").forEach((other) => other.classList.remove("is-meant"));
  document.querySelector(`.text [data-paragraph="${number}"]`)?.classList.add("is-meant");
}

document.addEventListener("click", (event) => {
  const paragraph = event.target.closest(".text [data-paragraph]");
  if (!paragraph || !chosen() || event.target.closest("a, button") || String(getSelection())) return;
  chosen().value = paragraph.dataset.paragraph;
  mark(paragraph.dataset.paragraph);
});

document.addEventListener("change", (event) => {
  if (event.target === chosen()) mark(event.target.value);
});

// Beside the words of a remark Ctrl+Enter sends the remark, never the page's red button.
document.addEventListener(
  "keydown",
  (event) => {
    const form = event.target.closest?.("#remarks form");
    if (!form || event.key !== "Enter" || !event.ctrlKey || isComposing(event)) return;
    event.preventDefault();
    event.stopPropagation();
    form.requestSubmit();
  },
  true,
);

onKey("r", () => document.getElementById("remark-text")?.focus());
