/* The fields of the big form, known by the row that they belong to and not by their place, which
   changes when rows come or go. */

export const form = document.querySelector("form[id$='_form']");

const ROW = /^(.+)-(\d+)-(.+)$/;
const PARTS = "[id^='section-'], #factsheet";
const FIELDS = "textarea, select, input:not([type=hidden], [type=submit], [type=button]" +
  ", [type=password], [type=file])";

export function controls(inside = form) {
  const found = [...inside.querySelectorAll(FIELDS)];
  return found.filter((control) => control.name && isKept(control));
}

function isKept(control) {
  return control.name !== "revision_note" && !control.closest(".empty-form, .conflict");
}

export function identity({ name, type, value }) {
  const [, prefix, place, own] = name.match(ROW) ?? [null, "", "", name];
  const row = place && form.elements[`${prefix}-${place}-id`]?.value;
  const tick = type === "checkbox" ? `=${value}` : "";
  return `${prefix}:${row || (place && `new${place}`)}:${own}${tick}`;
}

/* The fields of a new row all begin with the same words. */
export function newRow(id) {
  return id.match(/^(.+:new\d+):/)?.[1];
}

export function part(control) {
  return control.closest(PARTS)?.id ?? form.id;
}

export function value(control) {
  return control.type === "checkbox" ? (control.checked ? "on" : "") : control.value;
}

/* As the page came. */
export function initial(control) {
  if (control.type === "checkbox") return control.defaultChecked ? "on" : "";
  if (control.localName !== "select") return control.defaultValue;
  const options = [...control.options];
  return (options.find((option) => option.defaultSelected) ?? options[0])?.value ?? "";
}

/* Whether two values are one to the server, which tidies what it stores. */
export function same(control, one, other) {
  return tidy(control, one) === tidy(control, other);
}

function tidy({ type, localName, classList }, text) {
  if (type === "number" && text.trim()) return String(Number(text));
  const plain = text.normalize("NFC").replace(/\r\n?/g, "\n");
  const spaces = localName === "textarea" ? [/[ \t]+$/gm, ""] : [/\s+/g, " "];
  const tidied = plain.replace(...spaces).trim();
  return classList.contains("currency-field") ? tidied.toUpperCase() : tidied;
}

export function label(control) {
  const words = control.labels?.[0]?.cloneNode(true);
  for (const extra of words?.querySelectorAll(".visually-hidden") ?? []) extra.remove();
  return words?.textContent.trim() || control.name;
}
