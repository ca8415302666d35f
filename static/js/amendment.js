// Marking words in a passage of the issue fills the form with the place and the words.

const key = document.getElementById("key");
const wrong = document.getElementById("wrong");

function take() {
  const selection = document.getSelection();
  const words = selection.toString().trim();
  if (!words || !selection.rangeCount) return;
  const range = selection.getRangeAt(0);
  const holder = range.commonAncestorContainer;
  const passage = (holder.nodeType === Node.TEXT_NODE ? holder.parentElement : holder).closest("[data-passage]");
  if (!passage) return;
  key.value = passage.dataset.passage;
  wrong.value = words;
}

if (key) document.addEventListener("selectionchange", take);
