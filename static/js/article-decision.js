// Returning an article: the chosen reason is written into the words, which may be changed then. Words that somebody typed stay.
document.querySelectorAll("select[data-fills]").forEach((select) => {
  const words = document.getElementById(select.dataset.fills);
  let filled = "";
  select.addEventListener("change", () => {
    const label = select.value ? select.selectedOptions[0].text : "";
    if (words.value.trim() === filled) words.value = label;
    else if (label) words.value = `${words.value.trim()}\n${label}`;
    filled = words.value.trim() === label ? label : "\0";
  });
});
