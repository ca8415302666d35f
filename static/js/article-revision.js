// The office changes a text: nothing typed is lost when the page goes before it is saved. CKEditor comes from its own scripts.
import { dropDraft, dropOldDrafts, isSame, keepDraft, readDraft } from "./article-draft.js";
import { startPasting } from "./article-paste.js";

const form = document.getElementById("revision");
const restored = document.querySelector("[data-restored]");
const seen = form.elements.seen.value;

let editor = null;
let saved = {};

function fields() {
  const found = {};
  new FormData(form).forEach((value, name) => {
    if (!["csrfmiddlewaretoken", "seen"].includes(name)) found[name] = value;
  });
  found.body = editor.getData();
  return found;
}

function fill(values) {
  Object.entries(values).forEach(([name, value]) => {
    if (name === "body") editor.setData(value);
    else if (form.elements[name]) form.elements[name].value = value;
  });
}

function changed() {
  if (isSame(fields(), saved)) dropDraft(form);
  else keepDraft(form, { fields: fields(), seen });
}

// A draft of an older version was saved, or somebody else's came in and the server's page shows both.
function restore() {
  const draft = readDraft(form);
  if (!draft || draft.seen !== seen || isSame(draft.fields, saved)) return;
  fill(draft.fields);
  restored.hidden = false;
  restored.querySelector("[data-drop-local]").addEventListener("click", () => {
    fill(saved);
    dropDraft(form);
    restored.hidden = true;
  });
}

function start() {
  saved = fields();
  restore();
  editor.on("change", changed);
  startPasting(editor);
  form.addEventListener("input", changed);
}

dropOldDrafts();
CKEDITOR.on("instanceReady", (event) => {
  editor = event.editor;
  editor.setKeystroke(CKEDITOR.CTRL + 83, "saveRevision");
  editor.addCommand("saveRevision", { exec: () => form.requestSubmit() });
  start();
});
document.addEventListener("keydown", (event) => {
  if (!event.ctrlKey || event.key !== "s") return;
  event.preventDefault();
  form.requestSubmit();
});
