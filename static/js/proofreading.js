// 校对 beside a text: asked for and looked at until it is made; findings lead to their places; a suggestion is put into the editor.
import { announce, isComposing, onKey } from "./keys.js";
import { morph } from "./morph.js";
import { csrfToken, sessionOver } from "./requests.js";

const BLOCKS = "p, h3, h4, li, th, td, caption";
const RETRY = 10_000;

const form = document.querySelector("[data-article-form]");
const panel = () => document.getElementById("proofreading");
const cards = () => [...panel().querySelectorAll(".finding")];
const shownCards = () => cards().filter((card) => !card.hidden);

let timer = 0;
let level = "";
let current = 0; // the number of the finding that is looked at
const taken = new Set(); // cards whose suggestion was put in, until the next proof

// --- the text -------------------------------------------------------------------------------------------------------
const editor = () => window.CKEDITOR?.instances.id_body;
const title = () => document.getElementById("id_title");

function root() {
  const instance = editor();
  if (instance) return instance.status === "ready" ? instance.editable().$ : null;
  return document.querySelector(".text:not(.changes .text)");
}

// As the server counts them: what holds other blocks is counted by them, empty ones are left out.
function blocks() {
  const text = root();
  if (!text) return [];
  return [...text.querySelectorAll(BLOCKS)].filter(
    (block) =>
      !block.querySelector(BLOCKS) && block.textContent.trim() && !block.matches(".title, .subtitle") && !block.closest("figure"),
  );
}

// The characters of a block with the node that holds each; a line break is one. The server counts characters, a script units.
function textOf(block) {
  const characters = [];
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      let at = 0;
      for (const each of node.data) {
        characters.push({ node, at, each });
        at += each.length;
      }
    } else if (node.tagName === "BR") characters.push({ node, at: 0, each: "\n" });
  }
  while (characters.length && !characters[0].each.trim()) characters.shift();
  return characters;
}

function placesIn(characters, quote) {
  const wanted = [...quote];
  const found = [];
  for (let at = 0; at + wanted.length <= characters.length; at++) {
    if (wanted.every((each, i) => characters[at + i].each === each)) found.push(at);
  }
  return found;
}

// Where each finding stands now. Each takes a place of its own: first those that stand where they were found, then the
// nearest in the same paragraph, then anywhere. Gives a map of cards to {characters} or {start, end} in the title.
function locate() {
  const texts = new Map(blocks().map((block, index) => [index + 1, textOf(block)]));
  const heading = title() ? title().value : (document.querySelector(".text .title")?.textContent ?? "");
  texts.set(
    0,
    [...heading].map((each, at) => ({ node: null, at, each })),
  );
  const used = new Set();
  const found = new Map();
  const take = (card, paragraph, at) => {
    const length = [...card.dataset.quote].length;
    const key = `${paragraph}-${at}-${length}`;
    if (used.has(key)) return false;
    used.add(key);
    found.set(card, { paragraph, at, characters: texts.get(paragraph).slice(at, at + length) });
    return true;
  };
  const rest = cards().filter((card) => !taken.has(card.id));
  const pass = (candidates) =>
    rest.filter((card) => !found.has(card)).forEach((card) => candidates(card).some(([p, at]) => take(card, p, at)));
  const inParagraph = (card, paragraph) => {
    const start = Number(card.dataset.start);
    const places = placesIn(texts.get(paragraph) ?? [], card.dataset.quote);
    return places.sort((a, b) => Math.abs(a - start) - Math.abs(b - start)).map((at) => [paragraph, at]);
  };
  pass((card) => inParagraph(card, Number(card.dataset.paragraph)).filter(([, at]) => at === Number(card.dataset.start)));
  pass((card) => inParagraph(card, Number(card.dataset.paragraph)));
  pass((card) => {
    const own = Number(card.dataset.paragraph);
    const order = [...texts.keys()].sort((a, b) => Math.abs(a - own) - Math.abs(b - own));
    return order.flatMap((paragraph) => inParagraph(card, paragraph));
  });
  return found;
}

function rangeOf(characters) {
  const range = document.createRange();
  const [first, last] = [characters[0], characters[characters.length - 1]];
  if (first.node.nodeType === Node.TEXT_NODE) range.setStart(first.node, first.at);
  else range.setStartBefore(first.node);
  if (last.node.nodeType === Node.TEXT_NODE) range.setEnd(last.node, last.at + last.each.length);
  else range.setEndAfter(last.node);
  return range;
}

// --- marks in a text that is read ------------------------------------------------------------------------------------
function unmark() {
  document.querySelectorAll(".text mark.found").forEach((mark) => {
    mark.replaceWith(...mark.childNodes);
  });
  root()?.normalize();
}

function markText(places) {
  if (editor() || !root()) return;
  unmark();
  [...places.keys()].forEach((card) => {
    const place = locate().get(card); // the marks before have cut the text into other nodes
    if (!place || place.paragraph === 0) return;
    const parts = new Map();
    place.characters.forEach(({ node, at, each }) => {
      if (node.nodeType !== Node.TEXT_NODE) return;
      const part = parts.get(node) ?? { from: at };
      part.to = at + each.length;
      parts.set(node, part);
    });
    parts.forEach(({ from, to }, node) => {
      const range = document.createRange();
      range.setStart(node, from);
      range.setEnd(node, to);
      const mark = document.createElement("mark");
      mark.className = `found found-${card.dataset.level}${card.dataset.number === String(current) ? " found-now" : ""}`;
      mark.dataset.finding = card.dataset.number;
      range.surroundContents(mark);
    });
  });
}

// --- the list --------------------------------------------------------------------------------------------------------
// What no longer stands in the text is not shown; the next proof settles it.
function refresh() {
  if (!panel()) return;
  const hasText = Boolean(root());
  const places = hasText ? locate() : new Map();
  cards().forEach((card) => {
    card.hidden = (hasText && !places.has(card)) || Boolean(level && card.dataset.level !== level);
    card.classList.toggle("is-now", card.dataset.number === String(current));
  });
  panel()
    .querySelectorAll("[data-level][aria-pressed]")
    .forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.level === level));
      const gone = hasText
        ? cards().filter((card) => card.dataset.level === button.dataset.level && !places.has(card)).length
        : 0;
      const number = button.querySelector("[data-level-count]");
      number.textContent = String(Number(number.dataset.levelCount) - gone);
    });
  const count = document.querySelector("[data-finding-count]");
  if (count) count.textContent = String(cards().filter((card) => !hasText || places.has(card)).length);
  markText(places);
}

function jump(card) {
  current = Number(card.dataset.number);
  refresh();
  const place = root() && locate().get(card);
  if (!place) {
    announce(panel().dataset.sayGone);
    return;
  }
  if (place.paragraph === 0) jumpToTitle(place);
  else if (editor()) {
    place.characters[0].node.parentElement.scrollIntoView({ block: "center" });
    editor().focus();
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(rangeOf(place.characters));
  } else document.querySelector(`.text mark[data-finding="${current}"]`)?.scrollIntoView({ block: "center" });
}

function jumpToTitle({ at, characters }) {
  const field = title();
  if (!field) {
    document.querySelector(".text .title")?.scrollIntoView({ block: "center" });
    return;
  }
  field.focus();
  field.setSelectionRange(...span(at, characters));
}

// Of the title: the script's units before and behind these characters.
function span(at, characters) {
  const before = [...title().value].slice(0, at).join("").length;
  return [before, before + characters.map(({ each }) => each).join("").length];
}

// --- taking suggestions in the editor: one step that Ctrl+Z takes back ---------------------------------------------------
function takeAll(chosen) {
  const places = locate();
  const there = chosen.filter((card) => places.has(card));
  const inTitle = there.filter((card) => places.get(card).paragraph === 0);
  const inText = there.filter((card) => !inTitle.includes(card));
  inTitle.reverse().forEach((card) => {
    title().focus();
    title().setSelectionRange(...span(places.get(card).at, places.get(card).characters));
    // The field's own undo knows what is typed this way, not what a script sets.
    const done = card.dataset.suggestion
      ? document.execCommand("insertText", false, card.dataset.suggestion)
      : document.execCommand("delete");
    if (!done) title().setRangeText(card.dataset.suggestion);
    title().dispatchEvent(new Event("input", { bubbles: true }));
  });
  if (inText.length) {
    editor().fire("saveSnapshot");
    inText.reverse().forEach((card) => replace(places.get(card).characters, card.dataset.suggestion));
    editor().fire("saveSnapshot");
    editor().fire("change");
  }
  there.forEach((card) => taken.add(card.id));
  const last = Math.max(...there.map((card) => Number(card.dataset.number)), 0);
  announce(panel().dataset.sayTaken);
  refresh();
  focusOn(shownCards().find((card) => Number(card.dataset.number) > last) ?? shownCards()[0]);
}

// From the end, so that the places before stay what they are.
function replace(characters, suggestion) {
  characters
    .slice()
    .reverse()
    .forEach(({ node, at, each }, index) => {
      const isFirst = index === characters.length - 1;
      if (node.nodeType !== Node.TEXT_NODE) {
        if (isFirst && suggestion) node.before(suggestion);
        node.remove();
      } else node.replaceData(at, each.length, isFirst ? suggestion : "");
    });
}

function focusOn(card) {
  if (!card) {
    document.getElementById("proofreading-h").focus();
    return;
  }
  current = Number(card.dataset.number);
  refresh();
  card.querySelector("[data-jump-to]").focus();
}

function step(by) {
  const list = shownCards();
  if (!list.length) return;
  const at = list.findIndex((card) => card.dataset.number === String(current));
  const next = at < 0 ? (by > 0 ? 0 : list.length - 1) : (at + by + list.length) % list.length;
  focusOn(list[next]);
  if (!editor()) jump(list[next]);
  list[next].querySelector("[data-jump-to]").focus();
}

const currentCard = () => shownCards().find((card) => card.dataset.number === String(current));

// --- asking ----------------------------------------------------------------------------------------------------------
async function send(method) {
  clearTimeout(timer);
  const pk = form ? form.dataset.article : "0";
  if (pk === "new") return;
  const box = panel();
  const url = new URL(box.dataset.url.replace("/0/", `/${pk}/`), location.href);
  url.searchParams.set("have", box.dataset.state);
  let wait = RETRY;
  try {
    const headers = { "HX-Request": "true", "X-CSRFToken": csrfToken() };
    const answer = await fetch(url, { method, headers });
    if (answer.status === 401) sessionOver();
    if (answer.status === 200) show(await answer.text());
    wait = Number(panel().dataset.pace);
  } catch {
    box.querySelector("[data-proof-state]").textContent = box.dataset.offline;
  }
  if (wait) timer = setTimeout(() => send("GET"), document.hidden ? RETRY : wait);
}

function show(html) {
  taken.clear();
  morph(panel(), html);
  window.htmx.process(panel());
  refresh();
}

// --- clicks and keys --------------------------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const card = event.target.closest(".finding");
  const filter = event.target.closest("#proofreading [data-level][aria-pressed]");
  if (filter) {
    level = level === filter.dataset.level ? "" : filter.dataset.level;
    refresh();
  } else if (card && event.target.closest("[data-jump-to]")) jump(card);
  else if (card && event.target.closest("button[type=button][data-take]")) takeAll([card]);
  else if (card && event.target.closest("[data-take-alike]")) takeAll(cards().filter((other) => isAlike(other, card)));
});

const isAlike = (one, other) => ["rule", "quote", "suggestion"].every((name) => one.dataset[name] === other.dataset[name]);

onKey("]", () => step(1));
onKey("[", () => step(-1));
document.addEventListener("focusin", (event) => {
  const card = event.target.closest?.(".finding");
  if (!card || card.dataset.number === String(current)) return;
  current = Number(card.dataset.number);
  cards().forEach((other) => other.classList.toggle("is-now", other === card));
});
["a", "A"].forEach((key) =>
  onKey(key, () => panel().contains(document.activeElement) && currentCard()?.querySelector("[data-take]")?.click()),
);
["i", "I"].forEach((key) =>
  onKey(key, () => {
    const why = panel().contains(document.activeElement) && currentCard()?.querySelector("details.why");
    if (!why) return;
    why.open = true;
    why.querySelector("[name=reason]").focus();
  }),
);

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "proofreading" || event.detail.elt?.id === "proofreading") {
    taken.clear();
    refresh();
    if (document.activeElement === document.body)
      focusOn(currentCard() ?? shownCards().find((card) => Number(card.dataset.number) > current));
  }
});

let resting = 0;
function changed(event) {
  if (event && isComposing(event)) return;
  clearTimeout(resting);
  resting = setTimeout(refresh, 200);
}

form?.addEventListener("article:saved", () => send("GET"));
title()?.addEventListener("input", changed);

function begin() {
  editor()?.on("change", () => changed());
  const asked = location.hash.match(/^#finding-(\d+)$/);
  if (asked) {
    current = Number(asked[1]);
    const next = shownCards().find((card) => Number(card.dataset.number) >= current) ?? shownCards()[0];
    if (next) focusOn(next);
  }
  refresh();
  send("POST");
}

if (editor() && editor().status !== "ready") editor().on("instanceReady", begin);
else if (!editor() && document.getElementById("id_body")) window.CKEDITOR.on("instanceReady", begin);
else begin();
