// The pages beside the text: asked for by a POST when they are opened and after each save, then looked at until a worker has set them.
import { morph } from "./morph.js";
import { markOld } from "./pages.js";
import { csrfToken, sessionOver } from "./requests.js";

const STORE = "pages-beside-text";
const RETRY = 5000;

const form = document.querySelector("[data-article-form]");
const panel = document.getElementById("preview");
const toggle = document.getElementById("preview-toggle");
const pages = panel.querySelector("[data-preview-pages]");
const words = panel.querySelector("[data-preview-state]");

let timer = 0;
let asking = false;
let again = false;
let isAnswered = false; // the last request reached the server

const isOpen = () => !panel.hidden;

const ask = () => send("POST");

async function send(method) {
  clearTimeout(timer);
  if (form.dataset.article === "new" || !isOpen()) return;
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  const wait = await fetchPages(method);
  asking = false;
  if (again) {
    again = false;
    ask();
  } else if (wait) timer = setTimeout(() => send(isAnswered ? "GET" : "POST"), document.hidden ? RETRY : wait);
}

// Gives the milliseconds after which to ask again, 0 when nothing is to come.
async function fetchPages(method) {
  const known = pages.firstElementChild?.dataset || {};
  const url = panel.dataset.url.replace("/0/", `/${form.dataset.article}/`);
  let answer;
  try {
    const headers = { "HX-Request": "true", "X-CSRFToken": csrfToken() };
    answer = await fetch(`${url}?have=${known.state || ""}`, { method, headers });
    isAnswered = true;
  } catch {
    isAnswered = method === "GET";
    words.textContent = panel.dataset.offline;
    return RETRY;
  }
  if (answer.status === 401) sessionOver();
  if (answer.status === 200) show(await answer.text());
  else if (answer.status !== 204) return 0;
  return Number(pages.firstElementChild?.dataset.pace || 0);
}

function show(html) {
  morph(pages, html, "innerHTML");
  markOld(pages, panel.dataset.wait);
  words.textContent = pages.firstElementChild.dataset.words;
}

async function retry(button) {
  await fetch(button.dataset.retry, { method: "POST", headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" } });
  ask();
}

function open(isWanted, { remember = true } = {}) {
  panel.hidden = !isWanted;
  document.getElementById("writing").classList.toggle("with-pages", isWanted);
  form.toggleAttribute("data-beside-pages", isWanted);
  toggle.setAttribute("aria-expanded", String(isWanted));
  toggle.textContent = isWanted ? toggle.dataset.hide : toggle.dataset.show;
  try {
    if (remember) sessionStorage.setItem(STORE, isWanted ? "on" : "off");
  } catch {
    // without storage it begins closed each time
  }
  if (!isWanted) return;
  ask();
  if (remember && matchMedia("(max-width: 991.98px)").matches) panel.scrollIntoView();
}

function wasOpen() {
  try {
    return sessionStorage.getItem(STORE) === "on";
  } catch {
    return false;
  }
}

toggle.hidden = false;
toggle.addEventListener("click", () => open(!isOpen()));
form.addEventListener("article:saved", ask);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) ask();
});
pages.addEventListener("click", (event) => {
  const button = event.target.closest("[data-retry]");
  if (button) retry(button);
});
if (wasOpen()) open(true, { remember: false });
