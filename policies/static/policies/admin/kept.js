/* Typing that is not saved yet, in this browser's own storage: one record for each person, page,
   part of the page and opening of it. Every page of the workplace settles what became of it. */

const user = document.querySelector("meta[name=user]")?.content;
const OWN = `kept:${user}:`;
const STALE = 90 * 24 * 3600 * 1000; // nobody comes back for it after three months

export const opening = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

export function keyOf(part) {
  return `${OWN}${location.pathname}#${part}|${opening}`;
}

/* The part of the page and the opening that a key names. */
export function read(key) {
  const [, part, of] = key.match(/#([^|]*)\|(.*)$/);
  const record = JSON.parse(localStorage.getItem(key));
  return record && { key, part, opening: of, ...record };
}

/* What earlier openings of this page left, the latest first. */
export function left() {
  if (!user) return [];
  const records = keys(`${OWN}${location.pathname}#`).map(read);
  return records.filter((record) => record.opening !== opening).sort((a, b) => b.at - a.at);
}

/* False where the browser refuses, for want of space or by its settings. */
export function write(key, fields) {
  try {
    if (fields) localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields }));
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

function keys(start) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(start));
  } catch {
    return [];
  }
}

/* --- What became of it: asked on the next page of the same tab ----------------------------- */

const SENT = "kept-sent";
const LEAVING = "kept-leaving";

export function sent() {
  note(SENT, opening);
}

function note(name, value) {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    // Without storage there is nothing to settle either.
  }
}

function take(name) {
  try {
    const value = sessionStorage.getItem(name);
    sessionStorage.removeItem(name);
    return value;
  } catch {
    return null;
  }
}

/* A message of success and no form shown again: all that was sent is saved. */
function settleSent() {
  const of = take(SENT);
  const again = document.querySelector("#writing-words[data-again]");
  const success = document.querySelector(".messagelist .success");
  if (of && success && !again) forget(keys(OWN).filter((key) => key.endsWith(`|${of}`)));
}

/* Who has logged out leaves nothing behind; who has stayed after all loses nothing. */
function settleLeaving() {
  const who = take(LEAVING);
  if (who && who !== user) forget(keys(`kept:${who}:`));
}

function forget(gone) {
  for (const key of gone) localStorage.removeItem(key);
}

settleSent();
settleLeaving();
forget(keys(OWN).filter((key) => Date.now() - read(key).at > STALE));
document.getElementById("logout-form")?.addEventListener("submit", () => note(LEAVING, user));
