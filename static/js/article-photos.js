// Photos: uploaded one after the other with their own progress, moved by buttons, by dragging and to a paragraph; captions
// being typed stay. Sortable comes from its own script.
import { placesIn, showPlaces, startPlaces } from "./article-places.js";
import { announce } from "./keys.js";
import { morph } from "./morph.js";
import { csrfToken, sessionOver } from "./requests.js";
import { rowFor } from "./uploads.js";

let editor = null;

function swap(html, focusId) {
  const panel = document.getElementById("photos");
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("photos");
  if (!fresh) return;
  // What was refused stays said until the next choice of files.
  panel.querySelectorAll(":scope > .note-err").forEach((note) => fresh.querySelector("ul").before(note));
  const hadFocus = panel.contains(document.activeElement) ? document.activeElement.id : "";
  const places = placesIn(fresh);
  morph(panel, fresh);
  if (editor) showPlaces(editor, panel, places);
  const said = panel.querySelector("[data-said]");
  if (said) announce(said.textContent);
  const next = document.getElementById(focusId || hadFocus);
  if (next) next.focus();
  else if (hadFocus) panel.querySelector("#photo-undo, button, input[type=file]").focus();
}

// The twin of the buttons 前移 and 后移.
function startDragging() {
  if (!window.Sortable) return;
  window.Sortable.create(document.querySelector("#photos .photos"), {
    animation: 0,
    delay: 150,
    delayOnTouchOnly: true,
    draggable: "[data-move]",
    handle: "img",
    ghostClass: "sortable-ghost",
    onEnd: ({ item, oldDraggableIndex, newDraggableIndex }) => {
      if (newDraggableIndex === oldDraggableIndex) return;
      item.dispatchEvent(new CustomEvent("photo:drop", { bubbles: true, detail: { to: newDraggableIndex + 1 } }));
    },
  });
}

function uploadOne(form, file, row) {
  const bar = row.querySelector("progress");
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const data = new FormData();
    data.append("photos", file);
    request.upload.addEventListener("progress", (event) => {
      const percent = Math.round((event.loaded / event.total) * 100);
      bar.value = percent;
      row.querySelector("span").textContent = form.dataset.sayUploading.replace("{n}", percent);
    });
    request.addEventListener("loadend", () => {
      if (request.status === 200 || request.status === 422) {
        row.remove();
        swap(request.responseText);
      } else {
        bar.remove();
        row.querySelector("span").textContent = form.dataset.sayUploadFailed;
        row.classList.add("failed");
        if (request.status === 401) sessionOver();
      }
      resolve();
    });
    request.open("POST", form.dataset.photoAdd);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("HX-Request", "true");
    request.send(data);
  });
}

// `ready()` saves a new article first, so that it has an address; `changed()` is called when photos have changed.
export function startPhotos(form, { ready, changed }) {
  let queue = Promise.resolve();
  let running = 0;

  function add(files) {
    document.querySelectorAll("#photos > .note").forEach((note) => note.remove());
    files.forEach((file) => {
      const row = rowFor(file);
      document.querySelector("[data-uploads]").append(row);
      running += 1;
      queue = queue.then(async () => {
        await ready();
        await uploadOne(form, file, row);
        running -= 1;
        if (!running) changed();
      });
    });
  }

  form.addEventListener("change", (event) => {
    if (event.target.id !== "id_photos") return;
    const files = [...event.target.files];
    event.target.value = "";
    add(files);
  });

  async function act(address, values, focusId) {
    const data = new FormData();
    Object.entries(values).forEach(([name, value]) => data.append(name, value));
    const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
    try {
      const answer = await fetch(address, { method: "POST", body: data, headers });
      if (answer.status === 401) return sessionOver();
      if (answer.ok) swap(await answer.text(), focusId);
      changed();
    } catch {
      announce(form.dataset.sayOffline);
    }
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-photo-act]");
    if (!button) return;
    const { photoAct, direction } = button.dataset;
    act(photoAct, direction ? { direction } : {}, button.id);
  });

  form.addEventListener("photo:drop", (event) => act(event.target.dataset.move, event.detail));

  // The text first, so that the server counts the same paragraphs.
  async function place(select) {
    await ready();
    showPlaces(editor, select.parentElement);
    act(select.dataset.place, { after: select.value }, select.id);
  }

  function begin(started) {
    editor = started;
    startPlaces(editor, form, place);
    startDragging();
  }

  return { add, begin, idle: () => queue, isRunning: () => running > 0 };
}
