/* Tables: which are none, what their caption is, and their cells as rows of equal length. */

import { HEADINGS, retag, textsOf, unwrap } from "./html.js";

/* A table that only arranges a page, or frames one text, is no table. */
export function unwrapLayout(body) {
  for (const table of [...body.querySelectorAll("table")].reverse()) {
    const cells = [...table.querySelectorAll("td, th")];
    const own = cells.filter((cell) => cell.closest("table") === table);
    const arranges = cells.length < 2 || table.matches("[role=presentation], :has(table)");
    if (arranges) table.replaceWith(...own.map((cell) => retag(cell, "div")));
  }
}

/* A line of a table holds no blocks: paragraphs follow each other, list items get a semicolon. */
export function flattenCells(body, drop) {
  for (const cell of body.querySelectorAll("td, th")) {
    for (const heading of cell.querySelectorAll(HEADINGS)) retag(heading, "p");
    const items = [...cell.querySelectorAll("li")];
    for (const item of items.slice(0, -1)) item.append("; ");
    drop("cellLists", cell.querySelectorAll("ul, ol").length);
    for (const block of cell.querySelectorAll("ul, ol, li, p, div, br, blockquote, pre")) {
      block.replaceWith(...block.childNodes, " ");
    }
    drop("merged", cell.colSpan > 1 || cell.rowSpan > 1 ? 1 : 0);
  }
  // The first row is the head, which is bold anyway.
  body.querySelectorAll("tr:first-child > :is(td, th) strong").forEach(unwrap);
}

const CAPTION = /^\s*Table\s*[\d.]*\s*[:.–-]?\s*/;

/* Word's caption is a paragraph "Table 1: …" above the table; ours begins with "Table:". */
export function markCaptions(body) {
  for (const caption of body.querySelectorAll("caption")) {
    const table = caption.closest("table");
    caption.prepend("Table: ");
    table.before(retag(caption, "p"));
  }
  for (const table of body.querySelectorAll("table")) {
    const above = table.previousElementSibling ?? table.parentElement.previousElementSibling;
    const words = above?.matches("p") && above.textContent.match(CAPTION);
    if (!words) continue;
    cutStart(above, words[0].length);
    above.prepend("Table: ");
  }
}

function cutStart(paragraph, length) {
  let rest = length;
  for (const text of textsOf(paragraph)) {
    const cut = Math.min(rest, text.data.length);
    text.data = text.data.slice(cut);
    rest -= cut;
  }
}

/* The rows of cells, with null where a cell reaches over others. */
export function grid(table) {
  const rows = [...table.rows].map(() => []);
  [...table.rows].forEach((row, y) => {
    for (const cell of row.cells) {
      let x = 0;
      while (rows[y][x] !== undefined) x += 1;
      fill(rows, cell, x, y);
    }
  });
  const width = Math.max(...rows.map((row) => row.length));
  return rows.map((row) => Array.from({ length: width }, (_, x) => row[x] ?? null));
}

function fill(rows, cell, x, y) {
  const height = Math.min(cell.rowSpan || 1, rows.length - y);
  for (let down = 0; down < height; down += 1) {
    for (let right = 0; right < cell.colSpan; right += 1) rows[y + down][x + right] = null;
  }
  rows[y][x] = cell;
}
