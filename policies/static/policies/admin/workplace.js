/* Comfort for the big forms, one module for each. Without any of it everything still works. */

import "./kept.js";
import "./keeping.js";
import "./offering.js";
import "./toolbar.js";
import "./shortcuts.js";
import "./citations.js";
import "./paste.js";
import "./counting.js";
import "./preview.js";
import { form } from "./controls.js";

/* Leaving with unsaved changes asks first. */
let unsaved = false;

function guard(event) {
  if (unsaved) event.preventDefault();
}

if (form) {
  form.addEventListener("input", () => (unsaved = true));
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name !== "preview") unsaved = false;
  });
  addEventListener("beforeunload", guard);
}

/* The first mistake is what the editor wants to see, and to mend, after saving. */
document.querySelector(".errorlist")?.scrollIntoView({ block: "center" });
document.querySelector("[aria-invalid='true']:not([type='hidden'])")?.focus();

/* Django says when it has put another row on the page: go on writing there. */
document.addEventListener("formset:added", (event) => {
  const fields = event.target.querySelectorAll("input:not([type='hidden']), select, textarea");
  [...fields].find((field) => field.checkVisibility())?.focus();
});
