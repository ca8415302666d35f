// htmx: an expired session opens the note instead of a login page in a panel; polling rests in hidden tabs; the focus
// is not lost when a panel is swapped.
import { openDialog } from "./dialogs.js";
import { startErrorSummary } from "./forms.js";

// As the cookie has it now: signing in anew, perhaps in another tab, has changed what the page came with.
export function csrfToken() {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return cookie ? cookie[1] : document.querySelector("[name=csrfmiddlewaretoken]").value;
}

// Asked once more: a request that was under way while one signed in anew elsewhere met the session before.
export async function sessionOver() {
  const answer = await fetch(location.href, { method: "HEAD", headers: { "HX-Request": "true" } }).catch(() => null);
  const dialog = document.getElementById("session-over");
  if (answer?.status === 401 && dialog && !dialog.open) openDialog(dialog);
}

function isPoll(event) {
  return !event.detail.requestConfig.triggeringEvent && event.detail.elt.matches("[hx-trigger*='every']");
}

// The sentence of the error page that the server sent, or a general one.
function wordsOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const text = page.querySelector("[data-error-text]");
  return text ? text.textContent : document.getElementById("live").dataset.failed;
}

function showFailure(words) {
  const notes = document.getElementById("notes");
  if (!notes) return;
  const note = document.getElementById("failure-note").content.firstElementChild.cloneNode(true);
  note.querySelector("p").textContent = words;
  notes.replaceChildren(note);
  note.scrollIntoView({ block: "nearest" });
}

// A form holds the token of the time when the page came. Whoever sends it next, the browser or htmx, reads it after this.
export function startFreshTokens() {
  document.addEventListener(
    "submit",
    ({ target }) => {
      const field = target.elements.namedItem("csrfmiddlewaretoken");
      if (field) field.value = csrfToken();
    },
    true,
  );
}

export function startHtmx() {
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = csrfToken();
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { status, responseText } = event.detail.xhr;
    if (status === 401) sessionOver();
    else if (!isPoll(event)) showFailure(wordsOf(responseText));
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (!isPoll(event)) showFailure(document.getElementById("live").dataset.offline);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isPoll(event) && document.hidden) event.preventDefault();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    startErrorSummary(event.target);
    if (document.activeElement === document.body) {
      const next = event.target.querySelector("[data-next-focus]");
      if (next) next.focus();
    }
  });
}
