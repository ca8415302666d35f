// What is pasted or dropped into the text goes through the server, which cleans it. Where that fails its words come in as
// plain paragraphs. CKEditor comes from its own scripts.
import { marked, wordsOf } from "./clipboard.js";
import { csrfToken, sessionOver } from "./requests.js";

const PATIENCE = 15_000; // for the server's answer
const SLOW = 400; // from then on the page says that it waits

// `takePhotos(files)` takes pictures in as photos; without it they are named as lost.
export function startPasting(editor, takePhotos = null) {
  const note = document.querySelector("[data-pasted]");
  let composed = Promise.resolve(); // fulfilled outside of a composition of the input method

  function say(words) {
    note.textContent = words;
    note.hidden = !words;
  }

  async function read(html, text) {
    const body = new FormData();
    body.append("html", html);
    body.append("text", text);
    const slow = setTimeout(() => say(note.dataset.sayWaiting), SLOW);
    try {
      const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
      const options = { method: "POST", body, headers, signal: AbortSignal.timeout(PATIENCE) };
      const answer = await fetch(note.dataset.pasted, options);
      if (answer.ok) return await answer.json();
      if (answer.status === 401) sessionOver();
      return plain(html, text, note.dataset.sayRefused);
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
      read(html, text).then(async ({ html: clean, said }) => {
        await composed;
        put(editor, place, clean);
        say(said);
      });
    },
    null,
    null,
    1,
  );

  const root = editor.editable().$;
  let finish = () => {};
  root.addEventListener("compositionstart", () => {
    composed = new Promise((resolve) => (finish = resolve));
  });
  root.addEventListener("compositionend", () => setTimeout(finish, 0));
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
  editor.fire("unlockSnapshot");
  editor.fire("saveSnapshot");
}
