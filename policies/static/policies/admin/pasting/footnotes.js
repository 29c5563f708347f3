/* Footnotes of every origin: a short link as the mark, and in the same paste what it leads to.
   The mark becomes <x-mark>, the note <x-note label="…"> at the end of the body. */

import { freeLabel } from "../typing.js";
import { HEADINGS, make } from "./html.js";

const MARK = /^[[(]?(?:\d{1,3}|[a-z]{1,2}|[*†‡§]+|[ivxlc]+|note \d+)[\])]?$/i;
const BACK = /^[\s^↑↩︎⏎]*$/u;
const CALLS = /#_?(ftn|edn|fn|note|cite|sdfootnote|sdendnote)/i;
const NOTE = /mso-element:(foot|end)note(;|$)/; // Word
const NOTES = "div[id^='sdfootnote'], div[id^='sdendnote'], [role=doc-footnote]"; // LibreOffice

/* `taken` are the labels that the text has already. */
export function takeFootnotes(body, taken, drop) {
  const labels = new Set(taken);
  const notes = new Map();
  for (const link of body.querySelectorAll("a[href*='#']")) {
    if (!link.isConnected || !MARK.test(link.textContent.trim())) continue;
    const note = noteOf(body, link);
    if (note && !notes.has(note)) notes.set(note, startNote(note, link, labels));
    if (note) mark(link, notes.get(note));
    else if (CALLS.test(link.getAttribute("href"))) {
      drop("footnotes", 1);
      wrapping(link).remove();
    }
  }
  for (const [note, label] of notes) moveToEnd(body, note, label);
}

function noteOf(body, link) {
  const target = targetOf(body, link);
  const note = target && container(target);
  const below = note && link.compareDocumentPosition(note) & Node.DOCUMENT_POSITION_FOLLOWING;
  return below && !note.contains(link) && !note.querySelector(HEADINGS) ? note : null;
}

function targetOf(body, link) {
  const id = CSS.escape(link.getAttribute("href").split("#").pop());
  const found = body.querySelectorAll(`[id="${id}"], [name="${id}"]`);
  return [...found].find((element) => element !== link && !link.contains(element));
}

function container(target) {
  for (let element = target; element; element = element.parentElement) {
    if (NOTE.test(element.dataset.style ?? "")) return element;
  }
  return target.closest(NOTES) ?? target.closest("li, aside, dd, p, div, section");
}

function startNote(note, link, labels) {
  const label = freeLabel(labels);
  labels.add(label);
  for (const back of note.querySelectorAll("a[href*='#']")) {
    const words = back.textContent.trim();
    if (MARK.test(words) || BACK.test(words)) wrapping(back).remove();
  }
  return label;
}

/* The raised element around a mark, if it holds nothing else. */
function wrapping(link) {
  const raised = link.closest("sup");
  return raised?.textContent.trim() === link.textContent.trim() ? raised : link;
}

function mark(link, label) {
  const made = make("x-mark", link);
  made.textContent = `[^${label}]`;
  wrapping(link).replaceWith(made);
}

function moveToEnd(body, note, label) {
  let parent = note.parentElement;
  const made = make("x-note", note);
  made.setAttribute("label", label);
  made.append(...note.childNodes);
  note.remove();
  while (parent && parent !== body && !parent.textContent.trim()) {
    const outer = parent.parentElement;
    parent.remove();
    parent = outer;
  }
  body.append(made);
}
