// Finds among many rows to tick: all words have to stand in a row. What is ticked stays in sight.

document.querySelectorAll("[data-picker]").forEach((picker) => {
  const box = picker.querySelector("[data-find]");
  if (!box) return;
  const rows = [...picker.querySelectorAll("[data-words]")];
  const says = picker.querySelector("[data-found]");
  box.parentElement.hidden = false;
  box.addEventListener("input", () => {
    const words = box.value.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    rows.forEach((row) => {
      const fits = words.every((word) => row.dataset.words.toLowerCase().includes(word));
      found += fits;
      row.hidden = !fits && !row.querySelector("input").checked;
    });
    says.textContent = found ? "" : says.dataset.none;
  });
  // Enter in the box would send the whole form.
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
});
