// A table of Excel dropped anywhere on the page or picked: it is sent at once, and its check page opens.

const form = document.querySelector("[data-table-form]");
const zone = document.querySelector("[data-table-drop]");
const says = document.querySelector("[data-table-says]");

function take(files) {
  if (files.length > 1) says.textContent = form.dataset.saySeveral;
  else if (files[0].size > Number(form.dataset.largest)) says.textContent = form.dataset.sayLarge;
  else {
    says.textContent = says.dataset.reading;
    form.querySelector("[data-table-send]").click(); // requestSubmit is too young for Safari 15
  }
}

function hasFiles(event) {
  return [...(event.dataTransfer?.types || [])].includes("Files");
}

const input = form.querySelector("input[type=file]");
input.addEventListener("change", () => input.files.length && take(input.files));
document.addEventListener("dragover", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  zone.classList.add("is-over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) zone.classList.remove("is-over");
});
document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  zone.classList.remove("is-over");
  input.files = event.dataTransfer.files;
  if (input.files.length) take(input.files);
});
function empty() {
  input.value = "";
  says.textContent = "";
}

// Back from the check page: the same file may be chosen again. Otherwise it was chosen before this script had come.
window.addEventListener("pageshow", (event) => event.persisted && empty());
if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") empty();
else if (input.files.length) take(input.files);
