// The bulletin's name stands in the page's red head as it is typed.

const typed = document.querySelector("[data-name-lines]");
const head = document.querySelector(".gate .name");

function show() {
  const lines = typed.value.split("\n").filter((line) => line.trim());
  if (!lines.length) return;
  head.replaceChildren(
    ...lines.map((line) => {
      const span = document.createElement("span");
      span.textContent = line.trim();
      return span;
    }),
  );
}

typed.addEventListener("input", show);
show();
