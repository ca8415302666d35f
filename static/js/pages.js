// Pictures of pages: an old picture stays until the new one has come; what looks the same is not touched at all.

const pictureOf = (figure) => figure.querySelector("img");
const isNear = (element) => {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > -200 && top < innerHeight + 200 && bottom > top;
};

// Before a swap: the pictures that are on the page, by page number.
export function takePictures(root) {
  const figures = root ? [...root.querySelectorAll("figure[data-page]")] : [];
  return new Map(figures.map((figure) => [figure.dataset.page, { picture: pictureOf(figure), near: isNear(figure) }]));
}

// After it: each page begins with the picture it had.
export function givePictures(root, before, wait) {
  if (!root) return;
  root.querySelectorAll("figure[data-page]").forEach((figure) => {
    const old = before.get(figure.dataset.page);
    const fresh = pictureOf(figure);
    if (!old?.picture.complete || !old.picture.naturalWidth) return;
    if (old.picture.getAttribute("src") === fresh.getAttribute("src")) {
      old.picture.alt = fresh.alt;
      fresh.replaceWith(old.picture);
    } else if (old.near) {
      keepUntilLoaded(figure, old.picture, fresh, wait);
    }
  });
}

function keepUntilLoaded(figure, old, fresh, wait) {
  let mark = figure.querySelector(".wait");
  if (!mark) {
    mark = document.createElement("span");
    mark.className = "wait is-loading";
    mark.textContent = wait;
    figure.querySelector(".sheet").append(mark);
  }
  fresh.loading = "eager";
  const show = () => {
    old.replaceWith(fresh);
    if (mark.classList.contains("is-loading")) mark.remove();
  };
  fresh.replaceWith(old);
  fresh.addEventListener("error", show, { once: true });
  if (fresh.complete) show();
  else fresh.addEventListener("load", show, { once: true });
}

export function frames(root, article) {
  return [...root.querySelectorAll(`rect[data-place="${article}"]`)];
}
