// Decisions: on a phone the rarer ones are behind 其他…, and a chosen reason is written into the words of a return.
document.querySelector(".others-toggle")?.addEventListener("click", ({ currentTarget: button }) => {
  const isOpen = document.getElementById(button.getAttribute("aria-controls")).classList.toggle("is-open");
  button.setAttribute("aria-expanded", String(isOpen));
});

// The words may be changed then. What somebody typed stays.
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
