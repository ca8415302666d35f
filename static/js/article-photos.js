// Photos: uploaded one after the other with their own progress, moved and taken out by buttons; captions being typed stay.
import { announce } from "./keys.js";
import { morph } from "./morph.js";
import { csrfToken, sessionOver } from "./requests.js";
import { rowFor } from "./uploads.js";

function swap(html, focusId) {
  const panel = document.getElementById("photos");
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("photos");
  if (!fresh) return;
  // What was refused stays said until the next choice of files.
  panel.querySelectorAll(":scope > .note-err").forEach((note) => fresh.querySelector("ul").before(note));
  const hadFocus = panel.contains(document.activeElement) ? document.activeElement.id : "";
  morph(panel, fresh);
  const said = panel.querySelector("[data-said]");
  if (said) announce(said.textContent);
  const next = document.getElementById(focusId || hadFocus);
  if (next) next.focus();
  else if (hadFocus) panel.querySelector("#photo-undo, button, input[type=file]").focus();
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

  form.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-photo-act]");
    if (!button) return;
    const data = new FormData();
    if (button.dataset.direction) data.append("direction", button.dataset.direction);
    const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
    try {
      const answer = await fetch(button.dataset.photoAct, { method: "POST", body: data, headers });
      if (answer.status === 401) return sessionOver();
      if (answer.ok) swap(await answer.text(), button.id);
      changed();
    } catch {
      announce(form.dataset.sayOffline);
    }
  });

  return { add, idle: () => queue, isRunning: () => running > 0 };
}
