// Writing an article: counts, saving by itself, nothing typed is lost, places of the checks. CKEditor comes from its own scripts.
import { dropDraft, dropOldDrafts, isSame, keepDraft, readDraft } from "./article-draft.js";
import { offerLosses } from "./article-losses.js";
import { replaceBlocks } from "./article-merge.js";
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
let saved = {}; // the fields as the server has them, as far as this page shows them
let base = {}; // the state that the page was made from: what was changed since is what the person did
let attempted = null; // sent, but the answer never came
let stopped = false; // a conflict waits for a choice
let chosen = []; // the choices that go with the next save
let savedWords = ""; // what is said while nothing waits to be saved

const isTyped = (name) => !["csrfmiddlewaretoken", "base", "act"].includes(name) && !name.startsWith("choice-");

function fields() {
  const found = {};
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string" && isTyped(name)) found[name] = value;
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
function keepHere() {
  return keepDraft(form, { fields: fields(), base });
}

// Own rhythm: a pause of 1.5 s after the last change, never inside a composition of the input method. Until it is saved
// nothing says that it were.
function changed() {
  count();
  if (composing) return;
  clearTimeout(timer);
  const isWaiting = state.classList.contains("is-waiting");
  if (isSame(fields(), saved)) {
    if (isWaiting && !saving) show(savedWords);
    return;
  }
  keepHere();
  if (!isWaiting && !state.classList.contains("is-off") && hasText(fields())) show(form.dataset.saySaving, "is-waiting");
  timer = setTimeout(() => save(), rest());
}

const hasText = ({ title, body }) => form.dataset.article !== "new" || Boolean(title.trim() || body.trim());

const rest = () => (form.hasAttribute("data-beside-pages") ? REST_BESIDE_PAGES : REST);

// `always`: although nothing was typed, for what the answer brings (the checks of photos, a new article's address).
function save({ always = false } = {}) {
  clearTimeout(timer);
  if (saving || stopped) return saving || Promise.resolve();
  const sent = fields();
  if (!hasText(sent) && !always) return Promise.resolve();
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
  const choices = chosen;
  chosen = [];
  Object.entries(sent).forEach(([name, value]) => data.append(name, value));
  data.append("base", JSON.stringify(base));
  choices.forEach(([name, value]) => data.append(name, value));
  let answer;
  try {
    const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true", Accept: "application/json" };
    answer = await fetch(form.dataset.autosave, {
      method: "POST",
      body: data,
      headers,
      keepalive: sent.body.length + (base.body || "").length < 20_000,
    });
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
  const kept = Object.fromEntries(Object.entries(sent).filter(([name]) => !(name in answer.errors)));
  saved = Object.fromEntries(Object.keys(sent).map((name) => [name, (name in kept ? sent : saved)[name] || ""]));
  setBase({ ...base, ...kept });
  const isPutTogether = Object.keys(answer.taken_over).length > 0;
  if (isPutTogether) takeOver(answer.taken_over, sent);
  attempted = null;
  conflict.replaceChildren();
  if (form.dataset.article === "new") {
    dropDraft(form);
    form.dataset.article = answer.edit_url.match(/\d+/)[0];
    history.replaceState(null, "", answer.edit_url);
    showPresence(answer.presence_url);
  }
  Object.assign(form, { action: answer.edit_url });
  Object.assign(form.dataset, { autosave: answer.autosave_url, photoAdd: answer.photo_url });
  if (isSame(fields(), saved)) dropDraft(form);
  else keepHere();
  document.querySelector("[data-checks]").innerHTML = answer.checks;
  const duplicates = document.querySelector("[data-duplicates]");
  duplicates.outerHTML = answer.duplicates;
  window.htmx.process(document.querySelector("[data-duplicates]"));
  showErrors(answer.errors);
  forgetCured(answer.errors);
  const said = `${form.dataset.saySaved} ${answer.saved}${isPutTogether ? form.dataset.sayTakenOver : ""}`;
  if (answer.refused) show(`${said}${form.dataset.sayExcept.replace("{fields}", answer.refused)}`, "is-off");
  else show(said);
  savedWords = said;
  form.dispatchEvent(new CustomEvent("article:saved"));
}

// A new article has nobody else in it until it has an address.
function showPresence(url) {
  const place = document.querySelector("[data-presence]");
  place.setAttribute("hx-post", url);
  place.setAttribute("hx-trigger", "load, every 30s");
  window.htmx.process(place);
}

function setBase(state) {
  base = state;
  field("base").value = JSON.stringify(state);
}

// What others changed comes into the page where nothing was typed since it was sent. Elsewhere the page goes on as it is:
// its base says what it was made from, so that the server puts both together again.
function takeOver(changes, sent) {
  Object.entries(changes).forEach(([name, value]) => {
    const control = field(name);
    if (name === "body") {
      if (composing || !isSame({ body: editor.getData() }, { body: sent.body }) || !replaceBlocks(editor, value)) return;
    } else if (!control || control === document.activeElement || control.value !== sent[name]) return;
    else control.value = value;
    setBase({ ...base, [name]: value });
    saved = { ...saved, [name]: name === "body" ? editor.getData() : value };
  });
  count();
}

function disputed(answer) {
  if (hasArrived(answer.base)) {
    timer = setTimeout(() => save(), 0);
    return;
  }
  conflict.innerHTML = answer.html;
  conflict.firstElementChild.focus();
  dispute();
}

// The answer to an earlier save got lost on the way: what the server has of a field is what was sent then.
function hasArrived(present) {
  const theirs = JSON.parse(present || "{}");
  const names = Object.keys(attempted || {}).filter(
    (name) => isSame({ [name]: attempted[name] }, { [name]: theirs[name] }) && theirs[name] !== base[name],
  );
  setBase({ ...base, ...Object.fromEntries(names.map((name) => [name, theirs[name]])) });
  attempted = null;
  return names.length > 0;
}

// Until a choice is made nothing more is saved; what is typed stays in this browser.
function dispute() {
  saved = Object.fromEntries(Object.keys(saved).map((name) => [name, base[name] || ""]));
  stopped = true;
  keepHere();
  show(form.dataset.sayKept, "is-off");
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
  if (!event.target.closest("[data-settle]")) return;
  event.preventDefault();
  chosen = [...new FormData(form)].filter(([name]) => name.startsWith("choice-"));
  stopped = false;
  save({ always: true });
});

// --- what this computer still holds -----------------------------------------------------------------------------------
function restore() {
  const draft = readDraft(form);
  if (!draft) return;
  if (isSame({ ...saved, ...draft.fields }, saved)) {
    dropDraft(form);
    return;
  }
  fill(draft.fields);
  // Perhaps made from an older state than the server's: saving puts both together.
  setBase(draft.base || {});
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

// What was typed is saved first, so that it is put together with what others saved, and a new article gets its address.
// A page that leaves without a network is lost to the browser's own error page, so that the server is asked, too.
async function handIn(button) {
  await Promise.all([saving, photos.idle()]);
  await save();
  if (stopped) return;
  if (attempted) {
    keptHere(form.dataset.sayNotHandedIn);
    return;
  }
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
  if (!isSame(fields(), saved)) keepHere();
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
  savedWords = state.querySelector("[data-words]").textContent.trim();
  editor = CKEDITOR.instances.id_body;
  editor.editable().setAttribute("aria-labelledby", "id_body_label");
  base = JSON.parse(field("base").value || "{}");
  saved = fields();
  dropOldDrafts();
  if (form.hasAttribute("data-disputed")) dispute();
  else restore();
  form.querySelectorAll(".field.has-error [name]").forEach((control) => (saved[control.name] = ""));
  count();
  editor.on("change", changed);
  startPasting(editor, photos.add);
  offerLosses(editor);
  photos.begin(editor);
}

if (CKEDITOR.instances.id_body && CKEDITOR.instances.id_body.status === "ready") begin();
else CKEDITOR.on("instanceReady", begin);
count();
