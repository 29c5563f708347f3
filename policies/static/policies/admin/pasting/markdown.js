/* HTML from the clipboard to the Markdown of our texts; names what it left out. */

import Turndown from "../../../node/turndown/lib/turndown.browser.es.js";
import { dropUseless } from "./dropping.js";
import { mendEmphasis } from "./emphasis.js";
import { takeFootnotes } from "./footnotes.js";
import { BLOCKS, HEADINGS, make, parsed, retag, unwrap } from "./html.js";
import { mendLists } from "./lists.js";
import { flattenCells, grid, markCaptions, unwrapLayout } from "./tables.js";

/* {text, notes, dropped}: the text, the notes to stand below everything, and how often what was
   left out; null where plain text loses nothing. */
export function markdownOf(html, taken = new Set()) {
  const body = parsed(html);
  if (isCode(body) || !hasForm(body)) return null;
  const dropped = new Map();
  const drop = (name, count) => {
    if (count) dropped.set(name, (dropped.get(name) ?? 0) + count);
  };
  dropUseless(body, drop);
  takeFootnotes(body, taken, drop);
  mendLists(body);
  mendEmphasis(body, drop);
  mendLinks(body, drop);
  unwrapLayout(body);
  flattenCells(body, drop);
  raiseHeadings(body);
  markCaptions(body);
  wrapWords(body);
  return { ...written(body), dropped };
}

/* Code editors colour what they copy, and it is Markdown or nothing to convert. */
function isCode(body) {
  return /white-space:pre(;|$)/.test(body.firstElementChild?.dataset.style ?? "");
}

function hasForm(body) {
  const inline = "a[href], b, strong, i, em, sup, sub, u, s, del, img, code, br:not([class])";
  const blocks = `li, table, blockquote, pre, iframe, video, ${HEADINGS}`;
  const several = ":is(p, div) ~ :is(p, div)";
  const styled = "[data-style*='bold'], [data-style*='italic'], [data-style*='font-weight:7']";
  return body.querySelector(`${inline}, ${blocks}, ${several}, ${styled}`) !== null;
}

function mendLinks(body, drop) {
  for (const link of body.querySelectorAll("a")) {
    for (const block of link.querySelectorAll(BLOCKS)) block.replaceWith(...block.childNodes, " ");
    const address = realAddress(link.getAttribute("href")?.trim() ?? "");
    link.removeAttribute("title");
    link.setAttribute("href", address);
    if (link.textContent.trim() && /^(https?:\/\/|mailto:)/i.test(address)) continue;
    drop("links", address && link.textContent.trim() ? 1 : 0);
    unwrap(link);
  }
}

/* Google Docs leads through a page of its own. */
function realAddress(address) {
  const wrapped = /^https:\/\/www\.google\.com\/url\?/.test(address);
  return (wrapped && new URL(address).searchParams.get("q")) || address;
}

/* A text's headings begin at the first level, for the page's own stand above them. */
function raiseHeadings(body) {
  for (const heading of body.querySelectorAll(`li :is(${HEADINGS})`)) retag(heading, "p");
  const headings = [...body.querySelectorAll(HEADINGS)];
  const level = (heading) => Number(heading.localName[1]);
  const top = Math.min(...headings.map(level));
  for (const heading of headings) {
    for (const lineBreak of heading.querySelectorAll("br")) lineBreak.replaceWith(" ");
    retag(heading, `h${Math.min(level(heading) - top + 1, 3)}`);
  }
}

/* Words that stand beside blocks become paragraphs of their own. */
function wrapWords(body) {
  const places = [body, ...body.querySelectorAll(`${CONTAINERS}, li:has(> :is(p, div))`)];
  for (const place of places) {
    let paragraph = null;
    for (const node of [...place.childNodes]) {
      const block = node.nodeType === Node.ELEMENT_NODE && node.matches(`${BLOCKS}, x-note`);
      if (block) paragraph = null;
      else if (paragraph) paragraph.append(node);
      else if (node.textContent.trim()) {
        paragraph = make("p", place);
        node.before(paragraph);
        paragraph.append(node);
      }
    }
  }
}

const CONTAINERS = `address, article, aside, blockquote, dd, div, dt, figcaption, figure, footer,
  header, main, nav, section, x-note`;

function written(body) {
  const notes = [...body.querySelectorAll("x-note")];
  for (const note of notes) note.remove();
  const lines = notes.map((note) => `[^${note.getAttribute("label")}]: ${indented(turn(note))}`);
  return { text: turn(body), notes: lines.join("\n\n") };
}

const indented = (text) => text.replace(/\n(?=.)/g, "\n    ");

/* --- From plain HTML to Markdown -------------------------------------------------------- */

const service = new Turndown({
  headingStyle: "atx",
  hr: "---",
  br: "\\",
  bulletListMarker: "-",
  codeBlockStyle: "fenced",
  emDelimiter: "*",
});

/* An image can't come from here, but "!" before a link would make one. */
function turn(element) {
  return service.turndown(element).replace(/(?<!\\)!(?=\[(?!\^))/g, "\\!");
}

/* Only what Markdown would take for its own is escaped; a citation is meant as one. */
service.escape = (text) =>
  text
    .replace(/[\\*`]/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/\[(?=\^|$)|\](?=[([:]|$)/g, bracket)
    .replace(/<(?=[a-z])/gi, "\\<")
    .replace(/&(?=#?\w+;)/g, "\\&");

function bracket(found, at, whole) {
  const cites = /\[@[^\][]*\]?$/.test(whole.slice(0, at + 1));
  return cites ? found : `\\${found}`;
}

/* The start of a line is escaped where it would begin a list, a heading, a quotation, a rule or
   the line below a table's head: "1986." stays a year. */
function guarded(content) {
  return content
    .replace(/(\\\n)+$/, "")
    .replace(/(\\\n){2,}/g, "\n\n")
    .replace(/^(\d{1,9})(?=[.)](\s|$))/gm, "$1\\")
    .replace(/^(?=([-+]|#{1,6})(\s|$)|>|={1,}\s*$|~~~|[-|: ]*-[-|: ]*$)/gm, (_, ...rest) => "\\");
}

service.addRule("paragraph", {
  filter: "p",
  replacement: (content) => `\n\n${guarded(content.trim())}\n\n`,
});

service.addRule("item", {
  filter: "li",
  replacement: (content, node, { bulletListMarker }) => {
    const list = node.parentNode;
    const place = Number(list.getAttribute("start") ?? 1) + [...list.children].indexOf(node);
    const marker = `${list.matches("ol") ? `${place}.` : bulletListMarker} `;
    const loose = node.querySelector(":scope > p") ? "\n" : "";
    const [first, ...others] = content.trim().split("\n");
    const lines = [beginsWithBlock(node) ? first : guarded(first), ...others].join("\n");
    const hung = lines.replace(/\n(?=.)/g, `\n${" ".repeat(marker.length)}`);
    return `${marker}${hung}${node.nextElementSibling ? `\n${loose}` : ""}`;
  },
});

function beginsWithBlock(item) {
  const first = [...item.childNodes].find((node) => node.textContent.trim());
  return first?.nodeType === Node.ELEMENT_NODE && first.matches(BLOCKS);
}

service.addRule("mark", { filter: "x-mark", replacement: (_, node) => node.textContent });

service.addRule("link", {
  filter: "a",
  replacement: (content, node) => {
    const address = node.getAttribute("href").replace(/[<>\s]/g, encodeURIComponent);
    if (node.textContent.trim() === address) return `<${address}>`;
    const words = content.replace(/\s+/g, " ").replace(/(?<!\\)[[\]]/g, "\\$&");
    return `[${words}](${address.replace(/[()]/g, "\\$&")})`;
  },
});

/* Emphasis begins and ends at a word, or where no word goes on: punctuation moves out of it, and
   where even that does not help the words stay plain. */
function emphasis(delimiter) {
  return (content, node) => {
    const goesOn = WORD_START.test(beside(node, "nextSibling"));
    const cameFrom = WORD_END.test(beside(node, "previousSibling"));
    const [before] = content.match(cameFrom ? OPENING : /^/);
    const [after] = content.slice(before.length).match(goesOn ? CLOSING : /$/);
    const words = content.slice(before.length, content.length - after.length);
    const begins = before || !cameFrom || /^\**[\p{L}\p{N}]/u.test(words);
    const ends = after || !goesOn || /[\p{L}\p{N}]\**$/u.test(words);
    const stands = begins && ends && /[\p{L}\p{N}]/u.test(words);
    return stands ? before + delimiter + words + delimiter + after : content;
  };
}

const WORD_END = /[\p{L}\p{N}]$/u;
const WORD_START = /^[\p{L}\p{N}]/u;
const OPENING = /^[\s"'“‘«(¿¡]*/;
const CLOSING = /[\s.,:;!?…"'”’»]*$/;

function beside(node, side) {
  let inner = node;
  while (inner && !inner[side]) {
    const outer = inner.parentNode;
    inner = outer?.matches?.(BLOCKS) ? null : outer;
  }
  return inner?.[side].textContent ?? "";
}

service.addRule("strong", { filter: "strong", replacement: emphasis("**") });
service.addRule("em", { filter: "em", replacement: emphasis("*") });

service.addRule("table", {
  filter: "table",
  replacement: (_, node) => {
    const rows = grid(node).map((row) => row.map(inCell));
    const filled = rows.filter((row) => row.some(Boolean));
    if (!filled.length) return "";
    const lines = filled.map((row) => `| ${row.join(" | ")} |`);
    const rule = `| ${filled[0].map(() => "---").join(" | ")} |`;
    return `\n\n${[lines[0], rule, ...lines.slice(1)].join("\n")}\n\n`;
  },
});

const inCell = (cell) => (cell ? turn(cell).replace(/\s*\n\s*/g, " ").replace(/\|/g, "\\|") : "");
