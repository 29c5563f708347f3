/* What the scripts say, in the page's language: the template carries it (_writing.html). */

const words = document.getElementById("writing-words")?.dataset ?? {};

/* say("kept", {time: "14:03"}) puts the values where the words have {time}. */
export function say(name, values = {}) {
  return (words[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key]);
}
