// A file on its way to the server: a list row with its name, what is said of it, and how far it is.
export function rowFor(file) {
  const row = document.createElement("li");
  const name = document.createElement("b");
  name.textContent = file.name;
  const words = document.createElement("span");
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  row.append(name, words, bar);
  return row;
}
