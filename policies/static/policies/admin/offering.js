/* Offers back what an earlier opening of the page left unsaved: after a crash, a closed tab or an
   expired log-in. */

import { controls, form, identity, initial, label, newRow, same, value } from "./controls.js";
import { adopt, keepNow } from "./keeping.js";
import { left, read, write } from "./kept.js";
import { type } from "./typing.js";
import { say } from "./words.js";

const again = document.querySelector("#writing-words[data-again]");
const template = document.getElementById("kept-offer");
const summary = document.getElementById("kept-summary");

if (form && template) left().forEach(whenClosed);

/* Another tab may still be open on it; what it types there is offered once it is closed. */
function whenClosed({ opening, key }) {
  const offerNow = () => consider(read(key));
  if (navigator.locks) navigator.locks.request(opening, { mode: "shared" }, offerNow);
  else offerNow();
}

function consider(record) {
  if (!record) return;
  const found = byIdentity();
  const fields = Object.entries(record.fields);
  const open = fields.filter(([id, { typed }]) => !holds(found, id, typed, record));
  if (open.length) offer(record, open, found);
  else if (isSaved(record.part)) write(record.key, null);
  else adopt(record);
}

/* Of a form that two people changed, the parts without a conflict are saved, unless there is a
   mistake besides. */
function isSaved(part) {
  if (!again) return true;
  const conflicts = [...document.querySelectorAll(".conflict")];
  const place = document.getElementById(part);
  return (
    conflicts.length > 0 &&
    !document.querySelector(".errorlist") &&
    !conflicts.some((conflict) => place?.contains(conflict))
  );
}

function byIdentity() {
  return new Map(controls().map((control) => [identity(control), control]));
}

/* Whether the page shows this value already. A new row has an identity of its own once saved. */
function holds(found, id, typed, record) {
  const control = found.get(id);
  if (newRow(id)) return rowHolds(found, newRow(id), record);
  return control ? same(control, value(control), typed) : !typed || typed === "on";
}

function rowHolds(found, row, { fields }) {
  const names = Object.keys(fields).filter((id) => newRow(id) === row);
  const places = new Set([...found.values()].map((control) => control.closest(".inline-related")));
  places.delete(null);
  return [...places].some((place) => {
    const own = new Map(controls(place).map((control) => [lastName(identity(control)), control]));
    return names.every((id) => {
      const control = own.get(lastName(id));
      return control && same(control, value(control), fields[id].typed);
    });
  });
}

const lastName = (id) => id.split(":").at(-1);

/* --- The offer ----------------------------------------------------------------------------- */

function offer(record, open, found) {
  const place = document.getElementById(record.part) ?? form;
  const heading = place === form ? null : place.querySelector("h2, h3");
  const bar = template.content.cloneNode(true).firstElementChild;
  bar.querySelector("p").textContent = say("kept", { time: time(record.at) });
  bar.querySelector(".changed").hidden = !open.some(([id, { was }]) => isOver(found.get(id), was));
  const list = open.flatMap(([id, { typed }]) => shown(found.get(id), id, typed));
  bar.querySelector("dl").append(...list);
  if (heading) heading.after(bar);
  else form.prepend(bar);
  const line = announce(place, heading);
  const end = () => withdraw(line, bar);
  bar.querySelector("[data-kept=restore]").onclick = () => restore(record, open, bar, end);
  bar.querySelector("[data-kept=discard]").onclick = () => discard(record, bar, line);
}

/* Whether something else is stored by now than what was typed over. */
function isOver(control, was) {
  return control !== undefined && !same(control, initial(control), was);
}

function withdraw(line, bar) {
  bar?.remove();
  line.remove();
  summary.hidden = !summary.querySelector("li");
}

function time(at) {
  const then = new Date(at);
  const today = then.toDateString() === new Date().toDateString();
  return then.toLocaleString(document.documentElement.lang, {
    dateStyle: today ? undefined : "medium",
    timeStyle: "short",
    hourCycle: "h23",
  });
}

function shown(control, id, typed) {
  const term = document.createElement("dt");
  const words = document.createElement("dd");
  term.textContent = control ? label(control) : lastName(id);
  words.textContent = typed === "on" ? say("ticked") : typed || say("empty");
  return [term, words];
}

function announce(place, heading) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = `#${place.id}`;
  link.textContent = heading?.firstChild.textContent.trim() ?? document.title;
  line.append(link);
  summary.querySelector("ul").append(line);
  summary.hidden = false;
  return line;
}

function discard(record, bar, line) {
  write(record.key, null);
  withdraw(line);
  const back = document.createElement("button");
  back.type = "button";
  back.className = "button";
  back.textContent = say("takeBack");
  back.onclick = () => {
    write(record.key, record.fields);
    bar.remove();
    consider(read(record.key));
  };
  bar.replaceChildren(say("discarded"), " ", back);
  back.focus();
}

/* --- Putting it back ------------------------------------------------------------------------ */

function restore(record, open, bar, end) {
  const rows = new Map();
  const filled = open.map(([id, { typed }]) => {
    const control = newRow(id) ? inNewRow(rows, id) : byIdentity().get(id);
    if (control) fill(control, typed);
    return control;
  });
  keepNow();
  if (filled.every(Boolean)) {
    write(record.key, null);
    end();
  } else {
    bar.querySelector("details").open = true; // what found no field can be read, and copied
  }
  filled.find(Boolean)?.focus();
}

function inNewRow(rows, id) {
  const row = newRow(id);
  if (!rows.has(row)) rows.set(row, addRow(row.split(":")[0]));
  return rows.get(row)?.find((control) => lastName(identity(control)) === lastName(id));
}

function addRow(prefix) {
  const group = document.getElementById(`${prefix}-group`);
  group?.querySelector(".add-row a, .add-row button, a.addlink")?.click();
  const made = [...(group?.querySelectorAll(".inline-related:not(.empty-form)") ?? [])].at(-1);
  return made && controls(made);
}

function fill(control, typed) {
  unfold(control);
  if (control.type === "checkbox") control.checked = typed === "on";
  else if (control.matches("select, [type=date], [type=number]")) control.value = typed;
  else return type(control, typed, 0, control.value.length);
  for (const name of ["input", "change"]) control.dispatchEvent(new Event(name, { bubbles: true }));
}

function unfold(control) {
  let fold = control.closest("details");
  while (fold) {
    fold.open = true;
    fold = fold.parentElement.closest("details");
  }
}
