// Keyboard: "/" search, "?" help, Ctrl+Enter the page's red button. Other pages add their own keys with onKey().

const STORE = "single-keys";

// While an input method is composing, Enter chooses a candidate: every handler must return at once.
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

export function isTyping(event) {
  const at = event.target;
  if (at.type === "checkbox") return false;
  return at.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName);
}

export function singleKeysOn() {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

// Calls handler(event) for a single key, unless someone types, composes, has a dialog open or switched single keys off.
// With `within`, only while the focus is inside that element.
export function onKey(key, handler, { within = document } = {}) {
  within.addEventListener("keydown", (event) => {
    if (event.key !== key || event.defaultPrevented || isComposing(event) || isTyping(event)) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (!singleKeysOn() || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    handler(event);
  });
}

// Says something to screen readers in the page's polite live region.
export function announce(words) {
  const region = document.getElementById("live");
  if (region) region.textContent = words;
}

export function startKeys() {
  onKey("/", () => {
    const search = document.querySelector("main input[type=search]") || document.querySelector("[data-search]");
    if (search) search.focus();
  });
  onKey("?", () => {
    const opener = document.querySelector("[data-dialog=help]");
    if (opener) opener.click();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.ctrlKey || isComposing(event)) return;
    const place = document.querySelector("dialog[open]") || document.querySelector("main");
    const button = place?.querySelector(".btn-primary");
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  const toggle = document.querySelector("[data-single-keys]");
  if (!toggle) return;
  const show = () => {
    const on = singleKeysOn();
    const state = toggle.querySelector(".state");
    toggle.setAttribute("aria-pressed", String(on));
    state.textContent = on ? state.dataset.on : state.dataset.off;
  };
  toggle.addEventListener("click", () => {
    try {
      localStorage.setItem(STORE, singleKeysOn() ? "off" : "on");
    } catch {
      return;
    }
    show();
  });
  show();
}
