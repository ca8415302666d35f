// Answers are worked into the page by idiomorph: what is the same stays the same element, with its focus, its scroll position and
// its picture. What the browser alone knows of an element, which is found again by its id, outlives the answer.

const isTyped = (field) => "defaultValue" in field && field.type !== "file" && field.value !== field.defaultValue;

function keep(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) return true;
  if (old.matches("[data-uploads]")) return false; // files on their way
  if (!old.id || old.id !== fresh.id) return true;
  if (old.matches("details, dialog")) fresh.open = old.open;
  if (old.checked !== old.defaultChecked) fresh.checked = old.checked;
  if (isTyped(old)) {
    const { defaultValue } = fresh;
    Object.assign(fresh, { defaultValue, value: old.value }); // a field without a default would be emptied
  }
  return true;
}

window.Idiomorph.defaults.callbacks.beforeNodeMorphed = keep;

export function morph(element, html, morphStyle = "outerHTML") {
  window.Idiomorph.morph(element, html, { morphStyle });
}
