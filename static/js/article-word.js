// Files dropped anywhere on the page or picked: sent one after the other with their own progress. On some pages each becomes a
// draft with an address; others have a list, which is told when all are there.

import { announce } from "./keys.js";
import { csrfToken, sessionOver } from "./requests.js";
import { rowFor } from "./uploads.js";

const form = document.querySelector("[data-word-form]");
const zone = document.querySelector("[data-word-drop]");
const rows = document.querySelector("[data-drop-files]");

function say(row, words) {
  row.querySelector("progress")?.remove();
  row.querySelector("span").textContent = words;
}

function fail(row, words) {
  say(row, words);
  row.classList.add("failed");
  announce(words);
}

// Resolves to what the server made of the file, or null.
function send(file, row) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const data = new FormData();
    data.append("files", file);
    request.upload.addEventListener("progress", (event) => {
      const percent = Math.round((event.loaded / event.total) * 100);
      row.querySelector("progress").value = percent;
      const words = percent < 100 ? form.dataset.sayUploading.replace("{n}", percent) : form.dataset.sayReading;
      row.querySelector("span").textContent = words;
    });
    request.addEventListener("loadend", () => {
      if (request.status === 401) sessionOver();
      resolve(request.status === 200 ? JSON.parse(request.responseText).files[0] : null);
    });
    request.open("POST", form.action);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("Accept", "application/json");
    request.send(data);
  });
}

async function takeIn(file) {
  const row = rowFor(file);
  rows.append(row);
  if (file.size > Number(form.dataset.largest)) {
    fail(row, form.dataset.sayLarge);
    return null;
  }
  const made = await send(file, row);
  if (!made) fail(row, form.dataset.sayFailed);
  else if (made.refusal) fail(row, made.refusal);
  else {
    say(row, made.taken);
    if (made.url) {
      const link = document.createElement("a");
      link.href = made.url;
      link.textContent = form.dataset.sayOpen;
      row.append(link);
    }
    announce(`${file.name}：${made.taken}`);
  }
  return made;
}

async function takeAll(files) {
  rows.replaceChildren();
  zone.hidden = false;
  let last = null;
  for (const file of files) last = await takeIn(file);
  if (files.length === 1 && last?.url) window.location.assign(last.url);
  const list = document.querySelector("[data-drop-list]");
  if (!list) return;
  for (const row of [...rows.children]) if (!row.classList.contains("failed")) row.remove(); // they stand in the list
  form.querySelector("label").classList.replace("btn-primary", "btn-plain"); // the list has the next step
  list.dispatchEvent(new Event("refresh"));
}

function hasFiles(event) {
  return [...(event.dataTransfer?.types || [])].includes("Files");
}

if (form) {
  const input = form.querySelector("input[type=file]");
  const take = () => {
    const files = [...input.files];
    input.value = "";
    if (files.length) takeAll(files);
  };
  input.addEventListener("change", take);
  take(); // somebody was faster than this script
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    zone.hidden = false;
    zone.classList.add("is-over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) zone.classList.remove("is-over");
  });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    zone.classList.remove("is-over");
    const files = [...event.dataTransfer.files];
    if (files.length) takeAll(files);
  });
}
