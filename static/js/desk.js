// The desk: keys, dragging, the page that belongs to the chosen article. All acts are the page's own forms: this
// script presses their buttons. htmx morphs the whole desk; the chosen article, the open column and the place of the focus are
// carried over here.
import { isComposing, isTyping, singleKeysOn } from "./keys.js";
import "./morph.js";
import { frames, markOld } from "./pages.js";

const COLUMNS = ["pool", "issue", "pages"];
const HEADINGS = { pool: "pool-h", issue: "iss-h", pages: "pdf-h" };

let dragging = false;
let kept = null;
let acting = false; // an act is under way: a key pressed meanwhile was meant for the order that it changes

const desk = () => document.getElementById("desk");
const rows = (list) => [...list.querySelectorAll("li[data-article]")];
const rowOf = (element) => element?.closest("#desk li[data-article]");
const linkOf = (row) => row.querySelector("a.ttl");

// ---- the chosen article and its page ----
function choose(row, { turn = true } = {}) {
  document.querySelectorAll("#issue-list li.sel").forEach((other) => {
    if (other === row) return;
    other.classList.remove("sel");
    linkOf(other).removeAttribute("aria-current");
  });
  row.classList.add("sel");
  linkOf(row).setAttribute("aria-current", "true");
  const pages = document.getElementById("pages-scroll");
  pages.querySelectorAll(".sel").forEach((other) => other.classList.remove("sel"));
  const framed = frames(pages, row.dataset.article);
  const page = framed.length
    ? framed[0].closest("figure")
    : row.dataset.page && document.getElementById(`page-${row.dataset.page}`);
  if (!page) return;
  framed.forEach((frame) => frame.classList.add("sel"));
  page.classList.add("sel");
  if (turn) show(framed[0] || page);
}

// Turns to a page, or so that the frame on it is in sight.
function show(place) {
  const scroller = document.getElementById("pages-scroll");
  const page = place.closest("figure");
  const from = (element) => element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  const isHigh = place === page || from(place) - from(page) < scroller.clientHeight / 2;
  scroller.scrollTop += isHigh ? from(page) - 8 : from(place) - 40;
}

function turn(step) {
  const scroller = document.getElementById("pages-scroll");
  const top = scroller.getBoundingClientRect().top;
  const pages = [...scroller.querySelectorAll("figure")];
  let at = pages.findIndex((page) => page.getBoundingClientRect().bottom > top + 12);
  at = Math.max(0, Math.min(pages.length - 1, at + step));
  if (pages[at]) show(pages[at]);
}

function column(name) {
  document.querySelectorAll("#desk .desk > section").forEach((section) => {
    section.classList.toggle("off-s", section.dataset.column !== name);
  });
  document.querySelectorAll("#desk .tabs a[data-column]").forEach((tab) => {
    if (tab.dataset.column === name) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  });
}

// ---- what an answer must not undo ----
// The page numbers of rows that this list doesn't have yet come with the list itself.
function ofRowsHere(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  template.content.querySelectorAll("[hx-swap-oob]").forEach((part) => {
    if (!document.getElementById(part.id)) part.remove();
  });
  return template.innerHTML;
}

function remember(cause) {
  const control = desk().contains(document.activeElement) ? document.activeElement : null;
  const list = control?.closest("[data-list]");
  const row = rowOf(control);
  kept = {
    column: document.querySelector("#desk .desk > section:not(.off-s)")?.dataset.column,
    chosen: document.querySelector("#issue-list li.sel")?.id,
    undoing: Boolean(cause.closest(".toasts")),
    polling: cause.hasAttribute("data-poll"),
    control,
    row,
    list: list?.dataset.list,
    index: row && list ? rows(list).indexOf(row) : -1,
  };
}

function restore() {
  if (!kept) return;
  const was = kept;
  kept = null;
  if (was.column) column(was.column);
  const pages = document.getElementById("pages-scroll");
  markOld(pages, pages.dataset.wait);
  const before = was.chosen && document.getElementById(was.chosen);
  const answered = document.querySelector("#issue-list li.sel");
  const chosen = was.polling ? before || answered : answered || before;
  if (chosen) choose(chosen, { turn: false });
  if (was.undoing && chosen) linkOf(chosen).focus();
  else if (was.control) refocus(was);
  startDragging();
}

// The focus goes back to the same control, else to the same row, else to the row that took its place, else to the
// panel's heading.
function refocus({ control, row, list, index }) {
  const isShown = control.isConnected && control.offsetParent && !control.closest("details:not([open]) > div");
  const same = isShown ? control : row?.isConnected && linkOf(row);
  if (same) {
    same.focus({ preventScroll: true });
    same.scrollIntoView({ block: "nearest" });
    return;
  }
  const left = list ? rows(document.querySelector(`#desk [data-list="${list}"]`)) : [];
  if (left.length && index >= 0) {
    const next = left[Math.min(index, left.length - 1)];
    linkOf(next).focus();
    if (list === "issue") choose(next);
  } else {
    document.getElementById(HEADINGS[list] || "iss-h").focus();
  }
}

// ---- keys ----
function press(row, selector) {
  const button = row.querySelector(selector);
  if (!button || button.getAttribute("aria-disabled") === "true") return false;
  button.click();
  return true;
}

function step(row, by) {
  const all = rows(row.closest("[data-list]"));
  const next = all[all.indexOf(row) + by];
  if (next) linkOf(next).focus();
}

function send(row, values) {
  const form = row.querySelector("form[hx-post*='/move/']");
  if (form) window.htmx.ajax("POST", form.getAttribute("hx-post"), { source: row, target: "#desk", swap: "morph", values });
}

function onArrow(event, row) {
  const by = event.key === "ArrowUp" ? -1 : 1;
  if (!event.altKey) step(row, by);
  else if (acting) return;
  else if (row.closest("[data-list='issue']")) press(row, `button[value=${by < 0 ? "up" : "down"}]`);
}

function onKeydown(event) {
  if (isComposing(event) || document.querySelector("dialog[open]")) return;
  if (event.key === "F6" && event.ctrlKey) {
    event.preventDefault();
    nextColumn(event.shiftKey ? -1 : 1);
    return;
  }
  const row = rowOf(event.target);
  if (!row || isTyping(event) || event.ctrlKey || event.metaKey) return;
  const inIssue = Boolean(row.closest("[data-list='issue']"));
  if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    event.preventDefault();
    onArrow(event, row);
  } else if (event.altKey && inIssue && (event.key === "Home" || event.key === "End")) {
    event.preventDefault();
    if (!acting) send(row, { to: event.key === "Home" ? "first" : "last" });
  } else if (event.key === "Enter" && event.target === linkOf(row)) {
    event.preventDefault();
    if (inIssue) window.location = row.dataset.open;
    else press(row, "form button");
  } else if (singleKeysOn() && !event.altKey && inIssue) {
    onSingleKey(event, row);
  }
}

function onSingleKey(event, row) {
  if (event.key === "Delete") {
    event.preventDefault();
    press(row, "form[action*='/take-out/'] button");
  } else if (event.key.toLowerCase() === "m") {
    const details = row.querySelector("details[id^=m-]");
    if (!details) return;
    event.preventDefault();
    details.open = true;
    const field = details.querySelector("input[name=number], select[name=section]");
    field.focus();
    if (field.select) field.select();
  }
}

function nextColumn(by) {
  const here = document.activeElement.closest("#desk section[data-column]");
  const at = here ? COLUMNS.indexOf(here.dataset.column) : -1;
  const name = COLUMNS[(at + by + COLUMNS.length) % COLUMNS.length];
  column(name);
  const section = document.getElementById(`col-${name}`);
  const row = section.querySelector("li.sel") || section.querySelector("li[data-article]");
  (row ? linkOf(row) : document.getElementById(HEADINGS[name])).focus();
}

// ---- the mouse ----
function onClick(event) {
  const tab = event.target.closest("#desk .tabs a[data-column]");
  if (tab) {
    event.preventDefault();
    column(tab.dataset.column);
    return;
  }
  const turner = event.target.closest("[data-turn]");
  if (turner) {
    turn(Number(turner.dataset.turn));
    return;
  }
  const finding = event.target.closest("#layout-check a[href^='#page-']");
  const pages = document.getElementById("pages-scroll");
  if (finding && pages.scrollHeight > pages.clientHeight) {
    event.preventDefault();
    show(document.querySelector(finding.getAttribute("href")));
    return;
  }
  const frame = event.target.closest("#pages-scroll rect[data-place]");
  const row = frame ? document.getElementById(`p-${frame.dataset.place}`) : rowOf(event.target);
  if (frame && row) {
    column("issue");
    choose(row, { turn: false });
    linkOf(row).focus();
    return;
  }
  if (!row?.closest("#issue-list")) return;
  const link = event.target.closest("a.ttl");
  if (link && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
  if (link) event.preventDefault();
  if (link || !event.target.closest("a, button, summary, select, input, label")) {
    choose(row);
    linkOf(row).focus({ preventScroll: true });
  }
}

function onFocus(event) {
  const row = rowOf(event.target);
  if (row?.closest("#issue-list") && !row.classList.contains("sel")) choose(row);
}

// ---- dragging: the twin of 上移, 下移 and 编入 ----
function startDragging() {
  if (!window.Sortable || !document.querySelector("#issue-list .grip:not(.invisible)")) return;
  const shared = { animation: 0, ghostClass: "sortable-ghost", onStart: () => (dragging = true) };
  const isNew = (list) => list && !window.Sortable.get(list);
  [...document.querySelectorAll("#issue-list ol")].filter(isNew).forEach((list) => {
    window.Sortable.create(list, {
      ...shared,
      group: list.dataset.section === "brief" ? { name: "briefs", put: ["pool"] } : { name: "tiers", put: ["tiers", "pool"] },
      handle: ".grip",
      onEnd: (event) => {
        dragging = false;
        const { item, from, to, newIndex, oldIndex } = event;
        if (to === from && newIndex === oldIndex) return;
        linkOf(item).focus();
        send(item, to === from ? { position: newIndex + 1 } : { section: to.dataset.section, position: newIndex + 1 });
      },
      onAdd: (event) => event.from.id === "pool-list" && put(event.item),
    });
  });
  const pool = document.getElementById("pool-list");
  if (!isNew(pool)) return;
  window.Sortable.create(pool, {
    ...shared,
    group: { name: "pool", pull: "clone", put: false },
    sort: false,
    draggable: "li[data-article]",
    onEnd: () => (dragging = false),
  });
}

// Dropped from the waiting articles: the server knows its section and its place beside the stories of its unit.
function put(row) {
  window.htmx.ajax("POST", row.dataset.place, { source: desk(), target: "#desk", swap: "morph" });
}

// ---- the undo of a toast stays on the page ----
function adoptToasts() {
  document.querySelectorAll(".toasts form[action*='/articles/']:not([hx-post])").forEach((form) => {
    const attributes = { "hx-post": form.getAttribute("action"), "hx-target": "#desk", "hx-swap": "morph", "hx-ext": "morph" };
    Object.entries(attributes).forEach(([name, value]) => form.setAttribute(name, value));
    window.htmx.process(form);
  });
}

document.addEventListener("keydown", onKeydown);
document.addEventListener("click", onClick);
document.addEventListener("focusin", onFocus);
document.addEventListener("htmx:beforeRequest", (event) => {
  const polls = event.target.hasAttribute?.("data-poll");
  if (polls && (dragging || document.querySelector("dialog[open]"))) event.preventDefault();
});
document.addEventListener("htmx:beforeSend", (event) => {
  if (event.detail.requestConfig.verb === "post") acting = true;
});
["htmx:afterRequest", "htmx:sendError", "htmx:timeout"].forEach((name) =>
  document.addEventListener(name, (event) => {
    if (event.detail.requestConfig.verb === "post") acting = false;
  }),
);
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, shouldSwap, requestConfig } = event.detail;
  if (target.id === "col-pages") event.detail.serverResponse = ofRowsHere(event.detail.serverResponse);
  if (!shouldSwap || !["desk", "col-pages"].includes(target.id)) return;
  remember(requestConfig.elt);
  requestConfig.elt.closest(".move-to")?.removeAttribute("open"); // 移到… and 转简讯… are done
});
document.addEventListener("htmx:afterSwap", restore);
document.addEventListener("htmx:afterSettle", adoptToasts);

const first = document.querySelector("#issue-list li.sel");
if (first) choose(first);
if (document.readyState === "complete") startDragging();
else window.addEventListener("load", startDragging);
adoptToasts();
