/* Texts are changed as if typed, so that the browser's own undo takes each change back. */

const PROSE = "textarea.prose-field";
const entered = new WeakSet();

document.addEventListener("focusin", (event) => entered.add(event.target));

/* The text that an element of its bar, or the field itself, belongs to. Who has not been in it
   yet writes at its end. */
export function textOf(element) {
  const field = element.closest?.(".fact")?.querySelector(PROSE);
  if (field && !entered.has(field)) field.setSelectionRange(field.value.length, field.value.length);
  return field;
}

export function isProse(element) {
  return element.matches?.(PROSE);
}

export function type(field, text, start = field.selectionStart, end = field.selectionEnd) {
  field.focus();
  field.setSelectionRange(start, end);
  if (start === end && !text) return;
  const done =
    document.activeElement === field &&
    document.execCommand(text ? "insertText" : "delete", false, text);
  if (done) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/* A block stands between blank lines, whatever stands around it. */
export function apart(block, before, after) {
  const above = before.trim() ? "\n".repeat(2 - Math.min(2, trailing(before))) : "";
  const below = after.trim() ? "\n".repeat(2 - Math.min(2, leading(after))) : "";
  return above + block + below;
}

const leading = (text) => text.match(/^\n*/)[0].length;
const trailing = (text) => text.match(/\n*$/)[0].length;

/* The footnote labels of a text, and the next number that is none of them. */
export function labels(text) {
  return new Set([...text.matchAll(/\[\^([^\]\s]+)\]/g)].map((found) => found[1]));
}

export function freeLabel(taken) {
  let number = 1;
  while (taken.has(String(number))) number += 1;
  return String(number);
}
