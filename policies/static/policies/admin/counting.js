/* How long a text is, as the server counts: in UTF-16 units. Nothing is ever cut off. */

import { isProse } from "./typing.js";
import { say } from "./words.js";

const NEAR = 0.9; // from here on, the count is said aloud

function count(field) {
  const place = field.closest(".fact")?.querySelector(".count");
  if (!place) return;
  const limit = Number(field.dataset.limit);
  const length = field.value.length;
  const values = { length: length.toLocaleString(), limit: limit.toLocaleString() };
  const over = length > limit;
  place.textContent = over
    ? say("tooLong", { over: (length - limit).toLocaleString(), ...values })
    : say("count", values);
  place.classList.toggle("over", over);
  place.classList.toggle("near", !over && length > limit * NEAR);
  place.ariaLive = length > limit * NEAR ? "polite" : "off";
}

function countAll(inside) {
  for (const field of inside.querySelectorAll("textarea")) if (isProse(field)) count(field);
}

document.addEventListener("input", (event) => isProse(event.target) && count(event.target));
document.addEventListener("formset:added", (event) => countAll(event.target));
countAll(document);
