// Pictures of pages. The browser draws the old picture until the new one has come; so long the page says that it is older.

export function markOld(root, words) {
  root.querySelectorAll("figure[data-page] img").forEach((picture) => {
    const sheet = picture.parentElement;
    if (picture.complete || sheet.querySelector(".wait")) return;
    const mark = document.createElement("span");
    mark.className = "wait is-loading";
    mark.textContent = words;
    sheet.append(mark);
    // An answer that came meanwhile may have made it the server's own mark.
    const unmark = () => mark.matches(".is-loading") && mark.remove();
    picture.addEventListener("load", unmark, { once: true });
    picture.addEventListener("error", unmark, { once: true });
  });
}

export function frames(root, article) {
  return [...root.querySelectorAll(`rect[data-place="${article}"]`)];
}
