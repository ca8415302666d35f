// The office changes a text: nothing typed is lost when the page goes before it is saved. CKEditor comes from its own scripts.
import { dropDraft, dropOldDrafts, isSame, keepDraft, readDraft } from "./article-draft.js";
import { startPasting } from "./article-paste.js";
import { showPlaces, startPlaces } from "./article-places.js";

const form = document.getElementById("revision");
const restored = document.querySelector("[data-restored]");
const seen = form.elements.seen;

let editor = null;
let saved = {};

// The places of photos are counted in the text as it is now.
function fields() {
  showPlaces(editor, form);
  const found = {};
  new FormData(form).forEach((value, name) => {
    if (!["csrfmiddlewaretoken", "seen"].includes(name)) found[name] = value;
  });
  found.body = editor.getData();
  return found;
}

function fill(values) {
  const places = new Map();
  Object.entries(values).forEach(([name, value]) => {
    const field = form.elements[name];
    if (field?.matches?.("select[data-place]")) places.set(field.id, value);
    else if (name !== "body" && field) field.value = value;
  });
  editor.setData(values.body, { callback: () => showPlaces(editor, form, places) });
}

function changed() {
  if (isSame(fields(), saved)) dropDraft(form);
  else keepDraft(form, { fields: fields(), seen: seen.value });
}

// It has arrived when this person has saved a version since. Otherwise it may be made from an older version than the
// page: saving it puts both together.
function restore() {
  const draft = readDraft(form);
  if (!draft) return;
  const hasArrived = Number(form.dataset.ownVersion) > Number(draft.seen);
  if (hasArrived || isSame(draft.fields, saved)) {
    dropDraft(form);
    return;
  }
  const present = seen.value;
  fill(draft.fields);
  seen.value = draft.seen;
  restored.hidden = false;
  restored.querySelector("[data-drop-local]").addEventListener("click", () => {
    fill(saved);
    seen.value = present;
    dropDraft(form);
    restored.hidden = true;
  });
}

function start() {
  // What the server refused stands on the page, and is saved nowhere.
  if (form.hasAttribute("data-unsaved")) keepDraft(form, { fields: fields(), seen: seen.value });
  else {
    saved = fields();
    restore();
  }
  startPlaces(editor, form, changed);
  form.addEventListener("submit", () => showPlaces(editor, form));
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
