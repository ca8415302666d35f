// A page made for paper: it is printed as soon as it is there, and again by its button.

document.querySelectorAll("[data-print]").forEach((button) => {
  button.addEventListener("click", () => window.print());
});
if (document.readyState === "complete") window.print();
else window.addEventListener("load", () => window.print());
