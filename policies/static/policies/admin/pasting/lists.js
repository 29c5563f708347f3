/* Lists of every origin become lists whose items hold them in order. */

import { HEADINGS, make, unwrap } from "./html.js";

export function mendLists(body) {
  for (const heading of body.querySelectorAll(HEADINGS)) takeMarker(heading);
  for (const run of runs(body)) nest(run);
  for (const list of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) intoItem(list);
  for (const item of body.querySelectorAll("li")) {
    const paragraphs = item.querySelectorAll(":scope > :is(p, div)");
    if (paragraphs.length === 1) unwrap(paragraphs[0]);
  }
}

/* Google Docs and LibreOffice put an inner list beside the item that it belongs to. */
function intoItem(list) {
  const before = list.previousElementSibling;
  const item = before?.matches("li") ? before : make("li", list);
  if (item !== before) list.before(item);
  item.append(list);
}

/* Items that follow each other without anything between. */
function runs(body) {
  const found = [];
  for (const element of body.querySelectorAll("p, div")) {
    const item = wordItem(element) ?? webItem(element);
    if (!item) continue;
    const follows = found.at(-1)?.at(-1).element.nextElementSibling === element;
    if (follows) found.at(-1).push(item);
    else found.push([item]);
  }
  return found;
}

/* Word writes list items as paragraphs; what they are stands in their style and their marker. */
function wordItem(element) {
  const level = element.dataset.style?.match(/mso-list:[^;]*level(\d+)/)?.[1];
  return level && { element, level: Number(level), marker: takeMarker(element), content: element };
}

function takeMarker(element) {
  const found = element.querySelector("[data-style*='mso-list:ignore']");
  found?.remove();
  return found?.textContent.trim() ?? "";
}

/* Word in a browser writes each item as a list of its own. */
function webItem(element) {
  const item = element.matches(".ListContainerWrapper") && element.querySelector("li");
  if (!item) return null;
  const list = item.parentElement;
  const marker = list.matches("ol") ? `${list.getAttribute("start") ?? 1}.` : "";
  return { element, level: Number(item.dataset.ariaLevel ?? 1), marker, content: item };
}

const NUMBERED = /^\(?(\d+(\.\d+)*|[a-z]|[ivxlc]+)[.)]|^\d/i;

function nest(run) {
  const open = [];
  for (const item of run) {
    const name = NUMBERED.test(item.marker) ? "ol" : "ul";
    const list = listFor(open, item, name);
    const made = make("li", item.element);
    made.append(...item.content.childNodes);
    list.append(made);
  }
  for (const { element } of run) element.remove();
}

/* The open list of the item's level and kind, or a new one below the last item of the outer. */
function listFor(open, item, name) {
  while (open.length && open.at(-1).level > item.level) open.pop();
  if (open.at(-1)?.level === item.level && open.at(-1).list.localName !== name) open.pop();
  if (open.at(-1)?.level !== item.level) {
    const list = make(name, item.element);
    const first = Number.parseInt(item.marker, 10);
    if (first > 1) list.setAttribute("start", first);
    const outer = open.at(-1)?.list.lastElementChild;
    if (outer) outer.append(list);
    else item.element.before(list);
    open.push({ level: item.level, list });
  }
  return open.at(-1).list;
}
