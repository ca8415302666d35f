// What a clipboard holds beside its words: pictures as files, as data in the HTML, and as hexadecimal digits in Word's RTF.

const KINDS = { "image/png": "png", "image/jpeg": "jpg" };
const EMBEDDED = /(<img\b[^>]*?\bsrc\s*=\s*["']?)data:(image\/(?:png|jpeg));base64,([A-Za-z0-9+/=\s]+)/gi;
const ON_DISK = /(<img\b[^>]*?\bsrc\s*=\s*["']?)file:/gi;
const ANY = /(<img\b[^>]*?\bsrc\s*=\s*["']?)(?:https?:|blob:)/gi;
const TAKEN = "$1photo:"; // what the server counts as taken in

const words = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent.trim();

// The words of HTML, a line for each block.
export function wordsOf(html) {
  return words(html.replace(/<br\b[^>]*>|<\/(?:p|div|h[1-6]|li|tr|table|section)>/gi, "$&\n"));
}

// The pictures as files, and the HTML in which those that have one are marked.
export function marked(html, dataTransfer) {
  const files = [];
  const keep = (bytes, type) => files.push(new File([bytes], `${files.length + 1}.${KINDS[type]}`, { type }));
  let text = html.replace(EMBEDDED, (_match, before, type, code) => {
    keep(
      Uint8Array.from(atob(code.replace(/\s/g, "")), (each) => each.charCodeAt(0)),
      type.toLowerCase(),
    );
    return `${before}photo:`;
  });
  if (ON_DISK.test(text)) {
    const pictures = picturesIn(dataTransfer.getData("text/rtf", true) || "");
    let at = 0;
    text = text.replace(ON_DISK, (match, before) => (at++ < pictures.length ? `${before}photo:` : match));
    pictures.slice(0, at).forEach(({ bytes, type }) => keep(bytes, type));
  }
  // Excel sends a picture of its cells along: files count only where there is nothing to read.
  const given = Array.from({ length: dataTransfer.getFilesCount() }, (_none, at) => dataTransfer.getFile(at));
  const shown = given.filter((file) => file.type in KINDS);
  if (!files.length && shown.length && !words(text)) {
    files.push(...shown);
    text = text.replace(ANY, TAKEN) || shown.map(() => '<img src="photo:">').join("");
  }
  return { html: text, files };
}

// The PNG and JPEG pictures of an RTF text, in their order.
export function picturesIn(rtf) {
  const pictures = [];
  for (let at = rtf.indexOf("{\\pict"); at >= 0; at = rtf.indexOf("{\\pict", at + 6)) {
    if (/\{\\nonshppict\s*$/.test(rtf.slice(Math.max(0, at - 20), at))) continue; // the same once more, as a drawing
    const { own, type } = group(rtf, at);
    if (!type || own.length < 16) continue;
    const bytes = Uint8Array.from({ length: own.length >> 1 }, (_none, place) => parseInt(own.substr(2 * place, 2), 16));
    pictures.push({ bytes, type });
  }
  return pictures;
}

// The digits of the group that begins here, without the groups in it.
function group(rtf, start) {
  let depth = 0;
  let own = "";
  let end = start;
  for (const { 0: mark, index } of rtf.slice(start).matchAll(/[{}]/g)) {
    if (depth === 1) own += ` ${rtf.slice(end, start + index)}`;
    depth += mark === "{" ? 1 : -1;
    end = start + index + 1;
    if (!depth) break;
  }
  const [, kind] = own.match(/\\(png|jpeg)blip/) || [];
  return { own: own.replace(/\\[a-z]+-?\d*\s?/g, "").replace(/[^0-9a-f]/gi, ""), type: kind ? `image/${kind}` : "" };
}
