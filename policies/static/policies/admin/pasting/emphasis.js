/* Emphasis of every origin becomes strong and em, each inside one block; small letters and
   decoration become plain. */

import { BLOCKS, make, retag, textsOf, unwrap } from "./html.js";

export function mendEmphasis(body, drop) {
  for (const element of body.querySelectorAll("b, strong, i, em")) plainTag(element);
  for (const span of body.querySelectorAll("[data-style]:is(span, font)")) readStyle(span);
  dropDecoration(body, drop);
  plainSmall(body);
  body.querySelectorAll("span, font").forEach(unwrap);
  body.querySelectorAll(":is(h1, h2, h3, h4, h5, h6, th) strong").forEach(unwrap);
  for (const element of body.querySelectorAll("strong, em")) {
    if (!element.textContent.trim()) unwrap(element);
    else if (element.querySelector(BLOCKS)) pushDown(element);
  }
  for (const name of ["strong", "em"]) {
    body.querySelectorAll(`${name} ${name}`).forEach(unwrap);
    for (const element of body.querySelectorAll(name)) joinNext(element);
  }
}

/* Google Docs wraps all it copies into a bold element that is not bold. */
function plainTag(element) {
  const name = element.matches("b, strong") ? "strong" : "em";
  const off = name === "strong" ? /(^|;)font-weight:(normal|[1-4]00)/ : /(^|;)font-style:normal/;
  if (off.test(element.dataset.style ?? "")) unwrap(element);
  else retag(element, name);
}

const STYLES = [
  [/(^|;)font-weight:(bold|[6-9]00)/, "strong"],
  [/(^|;)font-style:(italic|oblique)/, "em"],
  [/(^|;)vertical-align:super/, "sup"],
  [/(^|;)vertical-align:sub(;|$)/, "sub"],
];

function readStyle(span) {
  for (const [pattern, name] of STYLES) {
    if (!pattern.test(span.dataset.style)) continue;
    const made = make(name, span);
    made.append(...span.childNodes);
    span.append(made);
  }
}

function pushDown(element) {
  for (const text of textsOf(element)) {
    if (!text.data.trim()) continue;
    const made = make(element.localName, element);
    text.replaceWith(made);
    made.append(text);
  }
  unwrap(element);
}

/* Word cuts a bold phrase into several; two neighbours are one. */
function joinNext(element) {
  if (!element.isConnected) return;
  const joins = (node) => node?.localName === element.localName;
  const blank = (node) => node?.nodeType === Node.TEXT_NODE && !node.data.trim();
  let next = element.nextSibling;
  while (joins(next) || (blank(next) && joins(next.nextSibling))) {
    element.append(...(joins(next) ? next.childNodes : [next]));
    if (next.parentNode !== element) next.remove();
    next = element.nextSibling;
  }
}

const SMALL = {
  sup: ["0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ"],
  sub: ["0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎"],
};

/* m² and CO₂ have characters of their own; any other small letters become ordinary ones. */
function plainSmall(body) {
  for (const small of body.querySelectorAll("sup, sub")) {
    const [plain, raised] = SMALL[small.localName];
    const letters = [...small.textContent.trim()];
    const known = letters.length > 0 && letters.every((letter) => plain.includes(letter));
    if (known) small.textContent = letters.map((each) => raised[plain.indexOf(each)]).join("");
    unwrap(small);
  }
}

function dropDecoration(body, drop) {
  for (const [selector, name] of [["u", "underlining"], ["s, strike", "striking"]]) {
    const found = [...body.querySelectorAll(selector)];
    const seen = found.filter((each) => each.textContent.trim() && !each.closest("a"));
    drop(name, seen.length);
    found.forEach(unwrap);
  }
}
