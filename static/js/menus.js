// The main menu behind its button on phones, and the account menu.

export function startPhoneMenu() {
  const button = document.querySelector("[data-menu]");
  const menu = document.getElementById("menu");
  if (!button || !menu) return;
  const set = (open) => {
    menu.classList.toggle("is-open", open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => set(!menu.classList.contains("is-open")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.classList.contains("is-open")) return;
    set(false);
    button.focus();
  });
}

export function startAccountMenu() {
  document.querySelectorAll("[data-account]").forEach(startMenu);
}

function startMenu(menu) {
  const close = (returnFocus) => {
    if (!menu.open) return;
    menu.open = false;
    if (returnFocus) menu.querySelector("summary").focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target) || event.target.closest("[data-dialog]")) close(false);
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) close(false);
  });
}

// Fields that fill a phone's screen are folded there, unless one of them holds something: a list its first choice no more.
export function startFolds() {
  if (!matchMedia("(max-width: 767.98px)").matches) return;
  document.querySelectorAll("details[data-fold]").forEach((fold) => {
    const isUsed =
      [...fold.querySelectorAll("input:not([type=hidden])")].some((field) => field.value) ||
      [...fold.querySelectorAll("select")].some((list) => list.selectedIndex > 0);
    if (!isUsed) fold.open = false;
  });
}
