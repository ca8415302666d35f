// The check sum of a file is worked out here, so that the file stays where it is. Where the browser has no such thing
// (a page without https), the form sends the file, and the site works it out.

const form = document.querySelector("[data-verify]");
const input = form.querySelector("input[type=file]");
const says = form.querySelector("[data-says]");
form.querySelector("[data-here]").hidden = !crypto.subtle;

async function check(file) {
  says.textContent = says.dataset.reading;
  const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  const sha256 = [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  location.assign(`${form.action}?${new URLSearchParams({ sha256, name: file.name })}`);
}

form.addEventListener("submit", (event) => {
  if (!crypto.subtle || !input.files.length) return;
  event.preventDefault();
  check(input.files[0]);
});
input.addEventListener("change", () => input.files.length && form.querySelector("[type=submit]").click());
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  const files = event.dataTransfer.files;
  if (files.length > 1) says.textContent = says.dataset.several;
  else if (files.length) {
    input.files = files;
    form.querySelector("[type=submit]").click();
  }
});
