// Where a photo stands in the text: one chooses among the paragraphs, lists and tables as they are in the editor now.

const SHOWN = 14; // characters of a paragraph
const UNSEEN = /[\s\u200b-\u200f\u2060\ufeff]/g;

const textOf = (block) => block.textContent.replace(UNSEEN, "");

// The outermost blocks, as the server counts them (typesetting/blocks.py).
function blocksOf(editor) {
  const blocks = [...editor.editable().$.children].filter((block) => block.matches("p, h3, h4, ul, ol, table"));
  return blocks.filter((block) => block.tagName !== "P" || textOf(block));
}

function option(select, block, at) {
  const text = block ? textOf(block) : "";
  const words = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  const made = new Option(
    block ? select.dataset.sayAfter.replace("{words}", words) : select.dataset.sayLast,
    block ? at + 1 : "",
  );
  made.block = block;
  return made;
}

// The block that is chosen; where the text was set anew the one that says the same, and else the one that stands there now.
function chosenOf(select, blocks) {
  const { block } = select.selectedOptions[0];
  if (block === null || select.value === "") return null;
  if (blocks.includes(block)) return block;
  const same = block && blocks.find((other) => textOf(other).includes(textOf(block)));
  return same || blocks[Math.min(Number(select.value), blocks.length) - 1] || null;
}

// Anew from the text; what was chosen stays chosen. Under a heading a photo would part it from its text.
function refresh(editor, select) {
  const blocks = blocksOf(editor);
  const chosen = chosenOf(select, blocks);
  const offered = blocks.filter((block) => block === chosen || !/^H\d$/.test(block.tagName));
  select.replaceChildren(option(select, null), ...offered.map((block) => option(select, block, blocks.indexOf(block))));
  select.selectedIndex = offered.indexOf(chosen) + 1;
}

const selects = (root) => root.querySelectorAll("select[data-place]");

export const placesIn = (root) => new Map([...selects(root)].map((select) => [select.id, select.value]));

// `places`: as the server has them now, by the ids of the choices.
export function showPlaces(editor, root, places = null) {
  selects(root).forEach((select) => {
    if (places) select.replaceChildren(new Option("", places.get(select.id) || ""));
    refresh(editor, select);
  });
}

// `chosen(select)` is called when another place was chosen. Opening a choice brings it up to date.
export function startPlaces(editor, root, chosen) {
  const update = (event) => event.target.matches?.("select[data-place]") && refresh(editor, event.target);
  root.addEventListener("pointerdown", update);
  root.addEventListener("focusin", update);
  root.addEventListener("change", (event) => {
    if (event.target.matches("select[data-place]")) chosen(event.target);
  });
  showPlaces(editor, root);
}
