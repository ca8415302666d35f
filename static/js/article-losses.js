// Words of a Word file that stand nowhere in the article (a text box, a footnote): one press puts them at the end of the text.

import { announce } from "./keys.js";

const bare = (text) => text.replace(/\s+/g, "");

export function offerLosses(editor) {
  const buttons = document.querySelectorAll("[data-append]");
  if (!buttons.length) return;

  // Told by the text itself, so that it is right after undoing and on the page that is opened again. A button so disabled
  // is never pressed (buttons.js).
  function show() {
    const text = bare(editor.editable().$.textContent);
    buttons.forEach((button) => {
      const isThere = text.includes(bare(button.dataset.append));
      button.setAttribute("aria-disabled", isThere);
      button.querySelector("[data-label]").textContent = isThere ? button.dataset.there : button.dataset.put;
    });
  }

  function append(words) {
    const editable = editor.editable();
    editor.fire("saveSnapshot");
    const last = editable.$.lastElementChild;
    if (last?.matches("p") && !bare(last.textContent)) last.remove();
    words.split("\n").forEach((line) => {
      const paragraph = new CKEDITOR.dom.element("p", editor.document);
      paragraph.setText(line);
      editable.append(paragraph);
    });
    editor.fire("saveSnapshot");
  }

  buttons.forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      append(button.dataset.append);
      show();
      announce(button.dataset.say);
    });
  });
  editor.on("change", show);
  show();
}
