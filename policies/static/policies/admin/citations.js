/* A picker of citations: filter the bibliography by author, title or key, say the pages, insert. */

import { textOf, type } from "./typing.js";
import { say } from "./words.js";

const dialog = document.getElementById("citing");
let field; // the text that is written in, and where in it
let caret;

if (dialog) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-cite]");
    if (button) open(textOf(button));
  });
  dialog.querySelector("[name=filter]").addEventListener("input", filter);
  dialog.querySelector("form").addEventListener("submit", insert);
  dialog.addEventListener("close", goBack);
} else {
  for (const button of document.querySelectorAll("[data-cite]")) button.remove();
}

async function open(text) {
  field = text;
  caret = text.selectionEnd;
  dialog.querySelector("form").reset();
  list([], say("loading"));
  dialog.showModal();
  try {
    const references = [...(await stored()), ...unsaved()];
    list([...new Map(references.map((each) => [each.key, each])).values()]);
  } catch {
    list(unsaved(), say("noBibliography"));
  }
}

/* Asked each time: somebody may have added a reference in another window. */
async function stored() {
  const response = await fetch(dialog.dataset.references);
  return (await response.json()).references;
}

/* On the factsheet's own page, references can be cited before they are saved. */
function unsaved() {
  const keys = [...document.querySelectorAll("[name^='references-'][name$='-key']")];
  const rows = keys.filter((key) => key.value && !key.closest(".empty-form"));
  return rows.map((key) => {
    const own = (name) => key.form.elements[key.name.replace(/key$/, name)].value;
    return { key: key.value, authors: own("authors"), year: own("year"), title: own("title") };
  });
}

function list(references, message = "") {
  const place = dialog.querySelector(".references");
  place.replaceChildren(...references.map(choice));
  dialog.querySelector("[role=status]").dataset.message = message;
  filter();
}

function choice({ key, authors, year, title }) {
  const made = document.getElementById("citing-choice").content.cloneNode(true).firstElementChild;
  made.querySelector("input").value = key;
  made.querySelector("code").textContent = key;
  const words = [authors, year && `(${year})`, title].filter(Boolean).join(" ");
  made.querySelector("span").textContent = words;
  return made;
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/* Every word that is typed stands somewhere in the entry; the first that fits is chosen. */
function filter() {
  const words = plain(dialog.querySelector("[name=filter]").value).split(/\s+/);
  const choices = [...dialog.querySelectorAll(".references label")];
  for (const each of choices) {
    const text = plain(each.textContent);
    each.hidden = !words.every((word) => text.includes(word));
  }
  const fitting = choices.filter((each) => !each.hidden);
  const chosen = fitting.find((each) => each.control.checked) ?? fitting[0];
  if (chosen) chosen.control.checked = true;
  const status = dialog.querySelector("[role=status]");
  const found = say("found", { count: fitting.length, all: choices.length });
  status.textContent = status.dataset.message || found;
  dialog.querySelector("[type=submit]").disabled = !chosen;
}

function insert(event) {
  if (event.submitter?.value === "cancel") return;
  event.preventDefault();
  const key = dialog.querySelector("[name=reference]:checked").value;
  const pages = locator(dialog.querySelector("[name=pages]").value);
  dialog.close();
  const glued = /[^\s([]$/.test(field.value.slice(0, caret));
  const citation = `${glued ? " " : ""}[@${[key, pages].filter(Boolean).join(", ")}]`;
  type(field, citation, caret, caret);
  caret = field.selectionEnd;
}

/* The browser gives the text its focus back, but after a click in the dialog no caret. */
function goBack() {
  field.blur();
  field.focus();
  field.setSelectionRange(caret, caret);
}

/* "12" means a page and "12-14" pages; a citation holds no brackets. */
function locator(typed) {
  const words = typed.replace(/[[\]`]/g, "").replace(/;/g, ",").trim();
  const [range, from, to] = words.match(/^(\d+)\s*[-–]\s*(\d+)$/) ?? [];
  if (range) return `pp. ${from}–${to}`;
  return /^\d+$/.test(words) ? `p. ${words}` : words;
}
