/* The preview is fetched and put below the text instead of opened in a new window; pressed again,
   it follows the text, and where the text is the same it goes. */

import { textOf } from "./typing.js";

const shown = new WeakMap(); // what a place shows the preview of

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=preview]");
  if (!button) return;
  event.preventDefault();
  const place = button.closest(".fact").querySelector(".prose-preview");
  const { value } = textOf(button);
  if (!place.hidden && shown.get(place) === value) return close(button, place);
  open(button, place, value);
});

function close(button, place) {
  place.hidden = true;
  button.ariaExpanded = "false";
  textOf(button).focus();
}

async function open(button, place, value) {
  place.innerHTML = await rendered(button, value);
  // The page has its own elements of these names.
  for (const element of place.querySelectorAll("[id]")) element.removeAttribute("id");
  shown.set(place, value);
  place.hidden = false;
  button.ariaExpanded = "true";
  place.focus();
}

async function rendered({ form, formAction, value: name }, value) {
  const data = new FormData();
  for (const own of ["csrfmiddlewaretoken", "factsheet"]) data.set(own, form.elements[own].value);
  data.set("preview", name);
  data.set(name, value);
  const request = { method: "POST", body: data, headers: { "X-Fragment": "1" }, redirect: "error" };
  const response = await fetch(formAction, request).catch(() => new Response("", { status: 401 }));
  return response.ok ? response.text() : `${response.status} ${response.statusText}`;
}
