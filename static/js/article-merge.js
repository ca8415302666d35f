// Others' changes come into the editor without the person's cursor leaving its place.

const plain = (node) => node.outerHTML.replace(/<br>|&nbsp;|\s+/g, "");
const isSame = (one, other) => plain(one) === plain(other);

// Replaces the blocks that differ. Leaves all as it was when the cursor stands in one of them; says whether it was done.
export function replaceBlocks(editor, html) {
  const root = editor.editable().$;
  const wanted = [...new DOMParser().parseFromString(html, "text/html").body.children];
  const present = [...root.children];
  const changes = changesOf(present, wanted);
  const cursor = root.contains(document.activeElement) || root === document.activeElement ? getSelection().anchorNode : null;
  if (cursor && changes.some(({ old }) => old.some((block) => block.contains(cursor)))) return false;
  changes.forEach(({ at, old, fresh }) => {
    fresh.forEach((block) => root.insertBefore(document.importNode(block, true), at));
    old.forEach((block) => block.remove());
  });
  // An undo to before would take the others' changes out again.
  editor.resetUndo();
  return true;
}

// Each place where blocks are to be replaced: by `fresh`, put before `at`.
function changesOf(present, wanted) {
  if (present.length === wanted.length)
    return present.flatMap((block, at) => (isSame(block, wanted[at]) ? [] : [{ at: block, old: [block], fresh: [wanted[at]] }]));
  let first = 0;
  while (first < present.length && first < wanted.length && isSame(present[first], wanted[first])) first += 1;
  let last = 0;
  const most = Math.min(present.length, wanted.length) - first;
  while (last < most && isSame(present.at(-1 - last), wanted.at(-1 - last))) last += 1;
  const end = present.length - last;
  return [{ at: present[end] || null, old: present.slice(first, end), fresh: wanted.slice(first, wanted.length - last) }];
}
