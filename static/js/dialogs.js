// <button data-dialog="id"> opens the native <dialog id="id">. The focus starts on [data-first-focus] (the safe button or
// the reason), Esc and [data-close] close it, and the focus returns to the button that opened it.

let opener = null;

export function openDialog(dialog, from = document.activeElement) {
  opener = from;
  dialog.showModal();
  const first = dialog.querySelector("[data-first-focus]");
  if (first) first.focus();
}

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-dialog]");
    if (button && button.getAttribute("aria-disabled") !== "true") {
      const dialog = document.getElementById(button.dataset.dialog);
      if (dialog) {
        event.preventDefault();
        const menu = button.closest("details");
        openDialog(dialog, menu ? menu.querySelector("summary") : button);
      }
      return;
    }
    const closer = event.target.closest("dialog [data-close]");
    if (closer) closer.closest("dialog").close();
  });
  // "close" does not bubble.
  document.addEventListener(
    "close",
    (event) => {
      if (event.target.tagName !== "DIALOG" || !opener) return;
      if (opener.isConnected) opener.focus();
      opener = null;
    },
    true,
  );
}
