/* Comfort for the big forms. Without it everything still works. */

const form = document.querySelector("form[id$='_form']");

/* Preview: fetched and put below the text instead of opened in a new window. */
async function preview(event) {
  const button = event.target.closest("button[name=preview]");
  if (!button) return;
  event.preventDefault();
  const place = button.parentElement.nextElementSibling;
  const data = new FormData();
  for (const name of ["csrfmiddlewaretoken", "factsheet", button.value]) {
    data.set(name, form.elements[name].value);
  }
  data.set("preview", button.value);
  const response = await fetch(button.formAction, {
    method: "POST",
    body: data,
    headers: { "X-Fragment": "1" },
  });
  place.innerHTML = response.ok ? await response.text() : `${response.status} ${response.statusText}`;
  for (const element of place.querySelectorAll("[id]")) element.removeAttribute("id");
  place.hidden = false;
  place.focus();
}

/* Leaving with unsaved changes asks first. */
let unsaved = false;

function guard(event) {
  if (unsaved) event.preventDefault();
}

if (form) {
  form.addEventListener("click", preview);
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
