// The text for 公众号 on the clipboard as it is: a copy event takes it to the letter, also on a page without https.

import { wordsOf } from "./clipboard.js";

const texts = new Map();

function text(address) {
  if (!texts.has(address)) {
    texts.set(
      address,
      fetch(address).then((answer) => {
        const isText = answer.ok && !answer.redirected;
        return isText ? answer.text() : Promise.reject(new Error(String(answer.status)));
      }),
    );
  }
  return texts.get(address);
}

function put(html) {
  const plain = wordsOf(html.replace(/ style="[^"]*"/g, "")); // styles in a text that is parsed here are against the policy
  let isPut = false;
  const give = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", plain);
    isPut = true;
  };
  document.addEventListener("copy", give, { capture: true, once: true });
  document.execCommand("copy");
  document.removeEventListener("copy", give, { capture: true });
  return isPut;
}

// Fetched before the click: a browser lets a page copy only while the click is fresh.
const fetchAll = () => document.querySelectorAll("[data-copy]").forEach((button) => text(button.dataset.copy).catch(() => {}));
fetchAll();
document.addEventListener("htmx:afterSwap", fetchAll);

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const says = button.closest("li").querySelector("[role=status].copied");
  let isPut = false;
  try {
    isPut = put(await text(button.dataset.copy));
  } catch {
    texts.delete(button.dataset.copy);
  }
  says.textContent = isPut ? button.dataset.done : button.dataset.failed;
});
