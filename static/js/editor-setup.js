// Before the editor starts: its buttons for the kinds of paragraph that print can show, and for broken lines, named as the office does.
(() => {
  const KINDS = { Paragraph: "p", Heading: "h3", Subheading: "h4" };

  const STEP = 25; // strokes that one step back takes away, as CKEditor's own

  // No state is kept inside a composition of the input method: a step back would bring its letters into the text. What was
  // composed is told CKEditor at its end: its own count of it would come with the next key, be it that of a step back, and
  // take the steps forth away.
  function keepWholeWords(editor) {
    const root = editor.editable();
    const { undoManager } = editor;
    let strokes = 0;
    root.attachListener(root, "compositionstart", () => editor.fire("lockSnapshot", { dontUpdate: true }));
    root.attachListener(root, "compositionupdate", () => (strokes += 1));
    root.attachListener(root, "compositionend", () => {
      editor.fire("unlockSnapshot");
      setTimeout(() => {
        undoManager.editingHandler.keyEventsStack.resetInputs();
        undoManager.type(0, strokes >= STEP);
        strokes %= STEP;
      }, 0);
    });
  }

  CKEDITOR.plugins.add("bulletin", {
    init(editor) {
      const labels = editor.config.labels || {};
      Object.assign(editor.lang.common, { ok: labels.ok, cancel: labels.cancel });
      Object.entries(KINDS).forEach(([name, element]) => {
        const style = new CKEDITOR.style({ element });
        editor.addCommand(name, {
          contextSensitive: true,
          startDisabled: true,
          exec(at) {
            at.focus();
            at.fire("saveSnapshot");
            at.applyStyle(style);
            setTimeout(() => at.fire("saveSnapshot"), 0);
          },
          refresh(_at, path) {
            const block = path.block || path.blockLimit;
            const on = block?.getName && block.getName() === element;
            this.setState(on ? CKEDITOR.TRISTATE_ON : CKEDITOR.TRISTATE_OFF);
          },
        });
        editor.ui.addButton(name, { label: labels[name] || name, command: name, toolbar: "styles" });
      });
      editor.on("contentDom", () => keepWholeWords(editor));
      // The page asks the server; see article-paste.js.
      editor.addCommand("JoinLines", { exec: (at) => at.fire("joinLines") });
      editor.ui.addButton("JoinLines", { label: labels.JoinLines, command: "JoinLines", toolbar: "styles" });
    },
  });

  // A table begins plain: no width, border or summary that print would not show.
  CKEDITOR.on("dialogDefinition", (event) => {
    if (event.data.name !== "table") return;
    const info = event.data.definition.getContents("info");
    ["txtWidth", "txtHeight", "txtCellSpace", "txtCellPad", "txtBorder", "cmbAlign", "txtSummary"].forEach((field) => {
      const part = info.get(field);
      if (!part) return;
      part.default = "";
      info.remove(field);
    });
  });
})();
