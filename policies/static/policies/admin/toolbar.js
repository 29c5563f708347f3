/* Buttons that write Markdown around or at the selection. They show only where scripts run. */

import { apart, freeLabel, labels, textOf, type } from "./typing.js";
import { say } from "./words.js";

const TOOLS = {
  bold: (field) => surround(field, "**"),
  italic: (field) => surround(field, "*"),
  link,
  bullets: (field) => markLines(field, () => "- ", /^- /),
  numbers: (field) => markLines(field, (index) => `${index + 1}. `, /^\d+\. /),
  table,
  footnote,
  help: () => document.getElementById("writing-help").showModal(),
};

document.documentElement.classList.add("writes"); // the style sheet shows the tools

document.addEventListener("click", (event) => {
  const tool = TOOLS[event.target.closest("[data-tool]")?.dataset.tool];
  if (tool) tool(textOf(event.target));
});

function selected(field) {
  return field.value.slice(field.selectionStart, field.selectionEnd);
}

/* On or off; spaces at the ends of the selection stay outside. */
function surround(field, mark) {
  const [, before, words] = selected(field).match(/^(\s*)([\s\S]*?)\s*$/);
  const start = field.selectionStart + before.length;
  const end = start + words.length;
  if (words && isSurrounded(field.value, mark, start, end)) {
    type(field, words, start - mark.length, end + mark.length);
    field.setSelectionRange(start - mark.length, end - mark.length);
  } else {
    type(field, mark + words + mark, start, end);
    field.setSelectionRange(start + mark.length, end + mark.length);
  }
}

/* One asterisk of a bold text's two is no italic, but one of three is. */
function isSurrounded(text, mark, start, end) {
  const before = text.slice(0, start).match(/\**$/)[0].length;
  const after = text.slice(end).match(/^\**/)[0].length;
  const common = Math.min(before, after, 3);
  return mark === "**" ? common >= 2 : common % 2 === 1;
}

function link(field) {
  const words = selected(field);
  const start = field.selectionStart;
  const isAddress = /^https?:\/\/\S+$/.test(words);
  const [label, address] = isAddress ? ["", words] : [words, "https://"];
  type(field, `[${label}](${address})`);
  const [from, length] = label ? [start + label.length + 3, address.length] : [start + 1, 0];
  field.setSelectionRange(from, from + length);
}

/* The whole lines of the selection become a list, or stop being one. */
function markLines(field, marker, pattern) {
  const { value } = field;
  const start = value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const next = value.indexOf("\n", Math.max(field.selectionEnd - 1, start));
  const end = next < 0 ? value.length : next;
  const lines = value.slice(start, end).split("\n");
  const written = lines.filter((line) => line.trim());
  const listed = written.length > 0 && written.every((line) => pattern.test(line));
  let index = 0;
  const changed = lines.map((line) => {
    if (listed) return line.replace(pattern, "");
    if (!line.trim() && written.length) return line;
    return marker(index++) + line.replace(/^(- |\d+\. )/, "");
  });
  const block = changed.join("\n");
  const text = listed ? block : apart(block, value.slice(0, start), value.slice(end));
  type(field, text, start, end);
  const at = start + text.trimEnd().length + (block.endsWith(" ") ? 1 : 0);
  field.setSelectionRange(at, at);
}

function table(field) {
  const { selectionEnd: at, value } = field;
  const column = say("column");
  const lines = [
    `Table: ${say("caption")}`,
    "",
    `| ${column} 1 | ${column} 2 |`,
    "| --- | --- |",
    "|  |  |",
    "",
    `Source: ${say("source")}`,
  ];
  const text = apart(lines.join("\n"), value.slice(0, at), value.slice(at));
  type(field, text, at, at);
  const caption = at + text.indexOf("Table: ") + "Table: ".length;
  field.setSelectionRange(caption, caption + say("caption").length);
}

/* The mark at the caret, the note below everything, and the caret in the note. */
function footnote(field) {
  const { selectionEnd: at, value } = field;
  const label = freeLabel(labels(value));
  const after = `[^${label}]${value.slice(at).trimEnd()}`;
  type(field, after + apart(`[^${label}]: `, value.slice(0, at) + after, ""), at, value.length);
}

/* --- One stop for the Tab key a bar; arrows move inside it --------------------------------- */

document.addEventListener("keydown", (event) => {
  const bar = event.target.closest("[role=toolbar]");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!bar || !step) return;
  event.preventDefault();
  const buttons = [...bar.querySelectorAll("button")];
  const next = buttons.at((buttons.indexOf(event.target) + step) % buttons.length);
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
});
