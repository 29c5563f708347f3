/* Pasting from Word or a web page: lists, emphasis, links, tables and footnotes become Markdown,
   a line below the text names what was left out, and one press undoes it. */

import { markdownOf } from "./pasting/markdown.js";
import { apart, isProse, labels, textOf, type } from "./typing.js";
import { say } from "./words.js";

document.addEventListener("paste", (event) => {
  const field = event.target;
  const html = event.clipboardData?.getData("text/html");
  if (!html || !isProse(field)) return;
  const pasted = markdownOf(html, labels(field.value));
  if (!pasted) return;
  event.preventDefault();
  const plain = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n");
  const { selectionStart: start, selectionEnd: end } = field;
  put(field, pasted, plain);
  tell(field, pasted, { plain, start, end });
});

function put(field, { text, notes }, plain) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const before = value.slice(0, start);
  const after = value.slice(end);
  const words = isBlock(text) ? apart(text, before, after) : spaced(text, plain, before, after);
  if (!notes) return type(field, words);
  const rest = words + after.trimEnd();
  type(field, rest + apart(notes, before + rest, ""), start, value.length);
  field.setSelectionRange(start + words.length, start + words.length);
}

const isBlock = (text) => /\n\n|^(#+ |[-+] |\d+\. |> |\||---$|```)/.test(text);

/* A conversion trims; the spaces that were copied along still part words. */
function spaced(text, plain, before, after) {
  const first = /^\s/.test(plain) && /\S$/.test(before) ? " " : "";
  const last = /\s$/.test(plain) && /^\S/.test(after) ? " " : "";
  return first + text + last;
}

/* --- Saying what happened, and taking it back -------------------------------------------- */

const done = new WeakMap();

function tell(field, { text, dropped }, restore) {
  const status = field.closest(".fact").querySelector(".paste-status");
  const left = [...dropped].map(([name, count]) => `${say(name)} (${count})`).join(", ");
  const words = [say(text ? "pasted" : "pastedNothing"), left && say("leftOut", { left })];
  status.querySelector("[role=status]").textContent = words.filter(Boolean).join(" ");
  status.querySelector("[data-paste=undo]").hidden = !text;
  status.querySelector("[data-paste=plain]").hidden = !restore.plain;
  done.set(field, { ...restore, text });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-paste]");
  if (!button) return;
  const field = textOf(button);
  const { plain, start, end, text } = done.get(field);
  field.focus();
  if (text) document.execCommand("undo");
  if (button.dataset.paste === "plain") type(field, plain, start, end);
  settle(field);
});

function settle(field) {
  const status = field.closest(".fact").querySelector(".paste-status");
  status.querySelector("[role=status]").textContent = "";
  for (const button of status.querySelectorAll("button")) button.hidden = true;
}

/* Whoever types on has accepted it, and undo would now take back something else. */
document.addEventListener("input", (event) => {
  if (!done.has(event.target)) return;
  const status = event.target.closest(".fact").querySelector(".paste-status");
  for (const button of status.querySelectorAll("button")) button.hidden = true;
});
