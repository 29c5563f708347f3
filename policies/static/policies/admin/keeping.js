/* Keeps what is typed and not saved, part by part, until the server has it. */

import { controls, form, identity, initial, part, same, value } from "./controls.js";
import { keyOf, opening, sent, write } from "./kept.js";

const WAIT = 400; // milliseconds without a key pressed
const waiting = new Set();
/* What stood there before it was typed over, where the page shows the typing as its own. */
const before = new Map();
let timer;

if (form) {
  for (const event of ["input", "change"]) form.addEventListener(event, notice);
  form.addEventListener("formset:removed", notice);
  form.addEventListener("submit", (event) => {
    keepNow();
    if (event.submitter?.name !== "preview") sent();
  });
  addEventListener("pagehide", keepNow);
  document.addEventListener("visibilitychange", keepNow);
  // Held while the page is open: other tabs see by it that somebody still types here.
  navigator.locks?.request(opening, () => new Promise(() => {}));
}

function notice(event) {
  if (event.target.name === "revision_note") return;
  waiting.add(part(event.target));
  clearTimeout(timer);
  timer = setTimeout(keepNow, WAIT);
}

export function keepNow() {
  clearTimeout(timer);
  const changed = Object.groupBy(controls().filter(isChanged), part);
  for (const name of waiting) {
    const fields = changed[name]?.map((control) => [identity(control), typed(control)]);
    const kept = write(keyOf(name), fields && Object.fromEntries(fields));
    document.getElementById("kept-full").hidden = kept;
  }
  waiting.clear();
}

const was = (control) => before.get(identity(control)) ?? initial(control);
const isChanged = (control) => !same(control, value(control), was(control));
const typed = (control) => ({ was: was(control), typed: value(control) });

/* The page came back with the typing in its fields: it goes on being unsaved. */
export function adopt(record) {
  for (const [id, field] of Object.entries(record.fields)) before.set(id, field.was);
  waiting.add(record.part);
  keepNow();
  write(record.key, null);
}
