// Writing an article: counts, saving by itself, nothing typed is lost, places of the checks. CKEditor comes from its own scripts.
import { dropDraft, dropOldDrafts, isSame, keepDraft, readDraft } from "./article-draft.js";
import { startPasting } from "./article-paste.js";
import { startPhotos } from "./article-photos.js";
import { isComposing } from "./keys.js";
import { csrfToken, sessionOver } from "./requests.js";

const REST = 1500;
const REST_BESIDE_PAGES = 400; // while the pages are open beside the text
const RETRY = 10_000;
// A block that holds others, as a cell holds Word's paragraphs, is counted by them alone.
const BLOCKS = "p, h3, h4, li, th, td, caption";

const form = document.querySelector("[data-article-form]");
const field = (name) => form.elements[name];
const state = document.querySelector("[data-saved]");
const conflict = document.querySelector("[data-conflict]");
const restored = document.querySelector("[data-restored]");

let editor = null;
let composing = false;
let timer = 0;
let saving = null;
let saved = {}; // the fields as the server has them
let attempted = null; // sent, but the answer never came
let stopped = false; // a conflict waits for a choice

function fields() {
  const found = {};
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string" && !["csrfmiddlewaretoken", "seen", "instead_of", "act"].includes(name)) found[name] = value;
  });
  found.body = editor ? editor.getData() : field("body").value;
  return found;
}

function show(words, kind = "") {
  state.className = `saved ${kind}`.trim();
  state.querySelector("svg").toggleAttribute("hidden", Boolean(kind) || !words);
  state.querySelector("[data-words]").textContent = words;
}

// --- counts ---------------------------------------------------------------------------------------------------------
const length = (text) => [...text.replace(/\s/g, "")].length;
const put = (name, words) => (document.querySelector(`[data-count=${name}]`).textContent = words);

const blocksOf = (root) =>
  [...root.querySelectorAll(BLOCKS)].filter((block) => !block.querySelector(BLOCKS) && block.textContent.trim());
// Letters and figures take half the width of a Chinese character.
const width = (text) => [...text.trim()].reduce((sum, each) => sum + (each < "\u0250" ? 0.5 : 1), 0);

function count() {
  const lines = field("title")
    .value.split("\n")
    .filter((line) => line.trim());
  const { sayChars, sayLines, sayBody, sayParagraphs, sayPages } = form.dataset;
  const title = [sayChars.replace("{n}", length(lines.join("")))];
  if (lines.length) title.push(sayLines.replace("{n}", printedLines(lines)));
  put("title", title.join("，"));
  const page = new DOMParser().parseFromString(editor ? editor.getData() : field("body").value, "text/html");
  const blocks = blocksOf(page.body).map((block) => length(block.textContent));
  put(
    "body",
    sayBody.replace(
      "{n}",
      blocks.reduce((sum, each) => sum + each, 0),
    ),
  );
  put("paragraphs", sayParagraphs.replace("{n}", blocks.length));
  const [indent, line] = [Number(form.dataset.indent), Number(form.dataset.lineCharacters)];
  const rows = blocks.reduce((sum, each) => sum + Math.ceil((each + indent) / line), 0);
  put("pages", sayPages.replace("{n}", (rows / Number(form.dataset.pageLines)).toFixed(1)));
}

const printedLines = (lines) =>
  lines.reduce((sum, line) => sum + Math.ceil(width(line) / Number(form.dataset.titleCharacters)), 0);

// --- saving ---------------------------------------------------------------------------------------------------------
function keepHere(extra = {}) {
  return keepDraft(form, { fields: fields(), seen: field("seen").value, ...extra });
}

// Own rhythm: a pause of 1.5 s after the last change, never inside a composition of the input method.
function changed() {
  count();
  if (composing) return;
  clearTimeout(timer);
  if (isSame(fields(), saved)) return;
  keepHere();
  timer = setTimeout(() => save(), rest());
}

const rest = () => (form.hasAttribute("data-beside-pages") ? REST_BESIDE_PAGES : REST);

// `always`: although nothing was typed, for what the answer brings (the checks of photos, a new article's address).
function save({ always = false } = {}) {
  clearTimeout(timer);
  if (saving || stopped) return saving || Promise.resolve();
  const sent = fields();
  const isEmpty = !sent.title.trim() && !sent.body.trim();
  if (form.dataset.article === "new" && isEmpty && !always) return Promise.resolve();
  if (isSame(sent, saved) && !always) return Promise.resolve();
  show(form.dataset.saySaving, "is-waiting");
  saving = post(sent).finally(() => {
    saving = null;
    if (!stopped && !isSame(fields(), sent) && !composing) timer = setTimeout(() => save(), rest());
  });
  return saving;
}

async function post(sent) {
  const data = new FormData();
  Object.entries(sent).forEach(([name, value]) => data.append(name, value));
  data.append("seen", field("seen").value);
  data.append("instead_of", field("instead_of").value);
  let answer;
  try {
    const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true", Accept: "application/json" };
    answer = await fetch(form.dataset.autosave, { method: "POST", body: data, headers, keepalive: sent.body.length < 15_000 });
  } catch {
    attempted = sent;
    return keptHere(form.dataset.sayOffline);
  }
  if (answer.ok) return confirmed(await answer.json(), sent);
  if (answer.status === 409) return disputed(await answer.json());
  if (answer.status === 422) showErrors((await answer.json()).errors);
  if (answer.status === 401) sessionOver();
  keptHere(form.dataset.sayKept);
}

function keptHere(words) {
  if (keepHere()) show(words, "is-off");
  else show("");
  timer = setTimeout(() => save(), RETRY);
}

// What the server refused is not saved: it stays on the page and in this browser.
function confirmed(answer, sent) {
  const refused = Object.keys(answer.errors).filter((name) => name in sent);
  saved = { ...sent, ...Object.fromEntries(refused.map((name) => [name, saved[name] || ""])) };
  attempted = null;
  field("seen").value = answer.seen;
  field("instead_of").value = "";
  conflict.replaceChildren();
  if (form.dataset.article === "new") {
    dropDraft(form);
    form.dataset.article = answer.edit_url.match(/\d+/)[0];
    history.replaceState(null, "", answer.edit_url);
  }
  Object.assign(form, { action: answer.edit_url });
  Object.assign(form.dataset, { autosave: answer.autosave_url, photoAdd: answer.photo_url });
  if (isSame(fields(), saved)) dropDraft(form);
  else keepHere();
  document.querySelector("[data-checks]").innerHTML = answer.checks;
  document.querySelector("[data-open-count]").textContent = answer.open;
  showErrors(answer.errors);
  forgetCured(answer.errors);
  if (refused.length)
    show(`${form.dataset.saySaved} ${answer.saved}${form.dataset.sayExcept.replace("{fields}", answer.refused)}`, "is-off");
  else show(`${form.dataset.saySaved} ${answer.saved}`);
  form.dispatchEvent(new CustomEvent("article:saved"));
}

function disputed(answer) {
  // The answer to an earlier save got lost on the way: what the server has is our own text.
  if (attempted && answer.theirs && isSame({ title: attempted.title, body: attempted.body }, answer.theirs)) {
    attempted = null;
    field("seen").value = answer.stamp;
    timer = setTimeout(() => save(), 0);
    return;
  }
  stopped = true;
  keepHere();
  show(form.dataset.sayKept, "is-off");
  conflict.innerHTML = answer.html;
  conflict.firstElementChild.focus();
}

function showErrors(errors) {
  form.querySelectorAll("[data-live-error]").forEach((words) => words.remove());
  Object.entries(errors).forEach(([name, words]) => {
    const control = document.getElementById(`id_${name}`);
    if (!control || control.closest(".field").querySelector(".field-error")) return;
    const note = document.createElement("p");
    note.className = "field-error";
    note.id = `id_${name}_live`;
    note.dataset.liveError = "";
    note.textContent = words;
    control.before(note);
    control.setAttribute("aria-describedby", note.id);
  });
}

// What a refused hand-in complained of and has been corrected since.
function forgetCured(errors) {
  document.querySelectorAll(".field.has-error").forEach((place) => {
    const control = place.querySelector("[name]");
    const value = control.name === "body" ? editor.getData() : control.value;
    if (control.name in errors || !value.trim()) return;
    place.classList.remove("has-error");
    place.querySelectorAll(".field-error").forEach((words) => words.remove());
    control.removeAttribute("aria-invalid");
    document.querySelectorAll(`[data-error-summary] a[href="#${control.id}"]`).forEach((link) => link.parentElement.remove());
  });
  const summary = document.querySelector("[data-error-summary]");
  if (summary && !summary.querySelector("li")) summary.remove();
}

conflict.addEventListener("click", (event) => {
  const mine = event.target.closest("[data-keep-mine]");
  if (mine) {
    field("instead_of").value = mine.dataset.keepMine;
    stopped = false;
    save();
  }
  if (event.target.closest("[data-take-theirs]")) {
    stopped = true;
    dropDraft(form);
  }
});

// --- what this computer still holds -----------------------------------------------------------------------------------
function restore() {
  const draft = readDraft(form);
  if (!draft) return;
  const arrived = draft.sent && draft.seen !== field("seen").value;
  if (arrived || isSame({ ...saved, ...draft.fields }, saved)) {
    dropDraft(form);
    return;
  }
  fill(draft.fields);
  // Made from an older state than the server's: saving it shows both.
  field("seen").value = draft.seen;
  restored.hidden = false;
  restored.querySelector("[data-drop-local]").addEventListener("click", () => {
    stopped = true;
    dropDraft(form);
    location.reload();
  });
  if (!conflict.children.length) save();
}

function fill(values) {
  Object.entries(values).forEach(([name, value]) => {
    if (name === "body") editor.setData(value, { callback: count });
    else if (field(name)) field(name).value = value;
  });
  const subtitle = field("subtitle");
  if (subtitle.value) subtitle.closest("details").open = true;
}

// --- handing in -----------------------------------------------------------------------------------------------------
const photos = startPhotos(form, {
  ready: () => save({ always: !form.dataset.photoAdd }),
  changed: () => save({ always: true }),
});

let isHandingIn = false;

// A page that leaves without a network is lost to the browser's own error page, so that the server is asked first;
// a new article gets its address before it is handed in.
async function handIn(button) {
  await Promise.all([saving, photos.idle()]);
  if (form.dataset.article === "new") await save();
  if (stopped) return;
  try {
    await fetch(form.action, { method: "HEAD", cache: "no-store", redirect: "manual" });
  } catch {
    keptHere(form.dataset.sayNotHandedIn);
    return;
  }
  isHandingIn = true;
  form.requestSubmit(button);
}

form.addEventListener("submit", (event) => {
  if (!isHandingIn) {
    event.preventDefault();
    handIn(event.submitter);
    return;
  }
  isHandingIn = false;
  clearTimeout(timer);
  stopped = true;
  keepHere({ sent: true });
});

// --- the checks lead to their places ------------------------------------------------------------------------------------
function select(element, quote) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = quote ? node.data.indexOf(quote) : -1;
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + quote.length);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    return;
  }
}

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("[data-jump], [data-error-summary] a[href='#id_body']");
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    const { jump = "id_body", paragraph, quote } = link.dataset;
    if (jump !== "id_body" || !editor) {
      const control = document.getElementById(jump);
      if (control) (control.querySelector("input") || control).focus();
      return;
    }
    editor.focus();
    const root = editor.editable().$;
    const blocks = blocksOf(root);
    const block = blocks[Number(paragraph) - 1];
    if (!block) return;
    block.scrollIntoView({ block: "center" });
    select(block, quote);
  },
  true,
);

// --- keys and beginnings --------------------------------------------------------------------------------------------------
document.addEventListener("keydown", (event) => {
  if (isComposing(event)) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    save();
  }
  if (event.altKey && event.key === "ArrowDown") {
    const links = [...document.querySelectorAll("#checks [data-jump]")];
    const next = links[(links.indexOf(document.activeElement) + 1) % links.length];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }
});

document.addEventListener("compositionstart", () => {
  composing = true;
  clearTimeout(timer);
});
document.addEventListener("compositionend", () => {
  composing = false;
  setTimeout(changed, 0);
});
form.addEventListener("input", changed);
form.addEventListener("change", changed);
window.addEventListener("online", () => save());
document.addEventListener("visibilitychange", () => {
  if (document.hidden && !composing && editor && !isSame(fields(), saved)) save();
});
window.addEventListener("pagehide", () => {
  if (editor && !stopped && !isSame(fields(), saved)) keepHere();
});

function begin() {
  editor = CKEDITOR.instances.id_body;
  editor.editable().setAttribute("aria-labelledby", "id_body_label");
  saved = fields();
  dropOldDrafts();
  restore();
  form.querySelectorAll(".field.has-error [name]").forEach((control) => (saved[control.name] = ""));
  count();
  editor.on("change", changed);
  startPasting(editor, photos.add);
}

if (CKEDITOR.instances.id_body && CKEDITOR.instances.id_body.status === "ready") begin();
else CKEDITOR.on("instanceReady", begin);
count();
