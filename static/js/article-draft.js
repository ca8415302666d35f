// What was typed and has not reached the server lies in this browser, under the person and the article.

const PREFIX = "article-text:";
const KEEP = 60 * 24 * 3600 * 1000;

const keyOf = (form) => `${PREFIX}${form.dataset.user}:${form.dataset.article}`;

export function readDraft(form) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(form)));
  } catch {
    return null;
  }
}

// Returns whether it could be kept: a full or forbidden store must not stop the writing.
export function keepDraft(form, draft) {
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ ...draft, at: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

export function dropDraft(form) {
  try {
    localStorage.removeItem(keyOf(form));
  } catch {
    // Nothing was kept either.
  }
}

export function dropOldDrafts() {
  try {
    Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .forEach((key) => {
        const draft = JSON.parse(localStorage.getItem(key));
        if (!draft || Date.now() - draft.at > KEEP) localStorage.removeItem(key);
      });
  } catch {
    // Left as it is.
  }
}

const plain = (html) => (html || "").replace(/<p>(&nbsp;|\s)*<\/p>/g, "").replace(/&nbsp;|\s+/g, "");

// Whether two states of the form say the same; white space between tags is the editor's affair.
export function isSame(one, other) {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => {
    const [a, b] = [one[name] || "", other[name] || ""];
    return name === "body" ? plain(a) === plain(b) : a.trim().replace(/\r\n/g, "\n") === b.trim().replace(/\r\n/g, "\n");
  });
}
