// Remarks: a mark at each paragraph that has an open one; a click on a paragraph chooses it in the form; R goes to its words.
import { isComposing, onKey } from "./keys.js";
import "./morph.js";

const chosen = () => document.getElementById("remark-paragraph");
const paragraph = (number) => document.querySelector(`.text [data-paragraph="${number}"]`);

function markText() {
  document.querySelectorAll(".remark-mark").forEach((mark) => mark.remove());
  document.querySelectorAll(".text .has-remark").forEach((other) => other.classList.remove("has-remark"));
  const box = document.getElementById("remarks");
  box?.querySelectorAll("[data-at]").forEach((remark) => {
    const place = paragraph(remark.dataset.at);
    if (!place) return;
    place.classList.add("has-remark");
    const link = document.createElement("a");
    link.className = "remark-mark";
    link.href = `#${remark.id}`;
    link.textContent = box.dataset.mark;
    if (place.tagName === "TABLE") place.before(link);
    else (place.querySelector(":scope > p:last-child, :scope > div") ?? place).append(link);
  });
}

function choose(number) {
  document.querySelectorAll(".text .is-meant").forEach((other) => other.classList.remove("is-meant"));
  paragraph(number)?.classList.add("is-meant");
}

document.addEventListener("click", (event) => {
  const place = event.target.closest(".text [data-paragraph]");
  if (!place || !chosen() || event.target.closest("a, button") || String(getSelection())) return;
  chosen().value = place.dataset.paragraph;
  choose(place.dataset.paragraph);
});

document.addEventListener("change", (event) => {
  if (event.target === chosen()) choose(event.target.value);
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

// What was taken is no longer being typed; what was refused, and what is typed in another field, stays.
document.addEventListener("remark-taken", ({ target: form }) => {
  form.reset();
  if (form.id === "new-remark") choose();
});

document.addEventListener("htmx:afterSwap", markText);
markText();
