// What is pasted or dropped into the text goes through the server, which cleans it. Where that fails its words come in as
// plain paragraphs. CKEditor comes from its own scripts.
import { marked, wordsOf } from "./clipboard.js";
import { csrfToken, sessionOver } from "./requests.js";

const PATIENCE = 15_000; // for the server's answer
const SLOW = 400; // from then on the page says that it waits

// `takePhotos(files)` takes pictures in as photos; without it they are named as lost.
export function startPasting(editor, takePhotos = null) {
  const note = document.querySelector("[data-pasted]");
  let offer = null; // what was pasted with its lines put together, and the text as it was then
  let composed = Promise.resolve(); // fulfilled outside of a composition of the input method

  function say(words, joined = "") {
    note.querySelector("[data-said]").textContent = words;
    note.hidden = !words;
    offer = joined && { joined, state: editor.getSnapshot() };
    note.querySelector("[data-join]").hidden = !joined;
  }

  async function read(html, text) {
    const slow = setTimeout(() => say(note.dataset.sayWaiting), SLOW);
    try {
      const answer = await post(note.dataset.pasted, { html, text });
      return answer.ok ? await answer.json() : plain(html, text, note.dataset.sayRefused);
    } catch {
      return plain(html, text, note.dataset.sayOffline);
    } finally {
      clearTimeout(slow);
    }
  }

  editor.on(
    "paste",
    (event) => {
      const { dataTransfer } = event.data;
      if (dataTransfer.getTransferType(editor) !== CKEDITOR.DATA_TRANSFER_EXTERNAL) return;
      const text = dataTransfer.getData("text/plain", true) || "";
      const raw = dataTransfer.getData("text/html", true) || "";
      const { html, files } = takePhotos ? marked(raw, dataTransfer) : { html: raw, files: [] };
      if (!html.trim() && !text.trim() && !files.length) return;
      event.cancel();
      const place = hold(editor);
      if (files.length) takePhotos(files);
      read(html, text).then(async ({ html: clean, said, joined }) => {
        await composed;
        put(editor, place, clean);
        say(said, joined);
      });
    },
    null,
    null,
    1,
  );

  // As if it had been pasted so at once; the text with its broken lines stays one step back.
  function joinPasted(joined) {
    editor.execCommand("undo");
    const before = editor.getSnapshot();
    insert(editor, hold(editor), joined);
    const result = editor.getSnapshot();
    editor.loadSnapshot(before);
    editor.fire("unlockSnapshot");
    editor.execCommand("redo");
    editor.loadSnapshot(result);
    editor.fire("saveSnapshot");
    say(note.dataset.sayJoined);
  }

  async function joinAll() {
    let before;
    let answer;
    try {
      do {
        before = editor.getData();
        answer = await (await post(note.dataset.joinLines, { html: before })).json();
        await composed;
      } while (editor.getData() !== before);
    } catch {
      say(note.dataset.sayNotJoined);
      return;
    }
    editor.setData(answer.html, { callback: () => editor.fire("saveSnapshot") });
    say(answer.said);
  }

  editor.on("joinLines", joinAll);
  note.querySelector("[data-join]").addEventListener("click", () => {
    if (offer && editor.getSnapshot() === offer.state) joinPasted(offer.joined);
    else joinAll();
  });

  const root = editor.editable().$;
  let finish = () => {};
  root.addEventListener("compositionstart", () => {
    composed = new Promise((resolve) => (finish = resolve));
  });
  root.addEventListener("compositionend", () => setTimeout(finish, 0));
}

async function post(address, values) {
  const body = new FormData();
  Object.entries(values).forEach(([name, value]) => body.append(name, value));
  const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
  const answer = await fetch(address, { method: "POST", body, headers, signal: AbortSignal.timeout(PATIENCE) });
  if (answer.status === 401) sessionOver();
  return answer;
}

function plain(html, text, words) {
  const lines = (text.trim() ? text : wordsOf(html))
    .split(/\r\n?|\n/)
    .map((line) => CKEDITOR.tools.htmlEncode(line.trim()))
    .filter(Boolean);
  const said = words.replace("{n}", lines.length);
  return { html: lines.length === 1 ? lines[0] : lines.map((line) => `<p>${line}</p>`).join(""), said };
}

// The place of the caret, kept in the text while somebody types on; what was selected goes, as with any paste. Until `put`
// no state is kept for undoing, so that one step takes the whole back.
function hold(editor) {
  editor.focus();
  editor.fire("saveSnapshot");
  editor.fire("lockSnapshot", { dontUpdate: true });
  const [range] = editor.getSelection().getRanges();
  if (!range) return null;
  if (!range.collapsed) editor.editable().extractHtmlFromRange(range, true);
  const { startNode } = range.createBookmark();
  startNode.data("cke-temp", 1); // so that it is never saved
  const behind = editor.createRange();
  behind.setStartAfter(startNode);
  behind.collapse(true);
  behind.select();
  return startNode;
}

function put(editor, place, html) {
  insert(editor, place, html);
  editor.fire("unlockSnapshot");
  editor.fire("saveSnapshot");
}

function insert(editor, place, html) {
  const editable = editor.editable();
  const hasCaret = editor.focusManager.hasFocus && editor.getSelection().getRanges().length > 0;
  const caret = hasCaret ? editor.getSelection().createBookmarks() : null;
  const range = editor.createRange();
  if (place && editable.contains(place)) {
    range.setStartBefore(place);
    range.collapse(true);
    place.remove();
  } else {
    range.moveToElementEditEnd(editable); // the text was set anew meanwhile
  }
  if (html) editable.insertHtmlIntoRange(html, range);
  if (caret) editor.getSelection().selectBookmarks(caret);
}
