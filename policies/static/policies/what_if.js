// Simulate at once: ask for the page that the form would lead to, and show its parts in this one.

const PARTS = ["facts", "result", "steps"];
let asking = new AbortController();

function addressOf(form) {
  const told = [...new FormData(form)].filter(([name, value]) => {
    const field = form.elements.namedItem(name);
    return value !== field.dataset.published;
  });
  const query = new URLSearchParams(told).toString();
  return query ? `${form.action}?${query}` : form.action;
}

// What is focused or unfolded stays so, though all around it is new.
function swap(page) {
  const focused = document.activeElement?.id;
  const known = new Set([...document.querySelectorAll("#facts details")].map(({ id }) => id));
  const open = [...document.querySelectorAll("#facts details[open]")].map(({ id }) => id);
  for (const id of PARTS) document.getElementById(id).replaceWith(page.getElementById(id));
  // The total stays the same element, so that its new words are read out.
  document.getElementById("total").replaceChildren(...page.getElementById("total").childNodes);
  for (const link of document.querySelectorAll("[hreflang]")) {
    const same = page.querySelector(`${link.localName}[hreflang="${link.hreflang}"]`);
    link.href = same.getAttribute("href");
  }
  document.getElementById("complaint").hidden = true;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  const added = [...document.querySelectorAll("#facts details")].find(({ id }) => !known.has(id));
  if (added) {
    added.open = true;
    added.querySelector("select").focus(); // Or the next arrow key would add another policy.
  } else if (focused) {
    const place = document.getElementById(focused) ?? document.getElementById("adding");
    place.focus({ preventScroll: true });
  }
  document.title = page.title;
  document.dispatchEvent(new Event("radars"));
}

function complain(page, form) {
  const box = document.getElementById("complaint");
  const lead = page.querySelector(".lead");
  box.textContent = lead?.textContent ?? page.title;
  box.hidden = false;
  const about = lead?.dataset.about?.split(" ") ?? [];
  for (const field of form.elements) {
    const isWrong = about.includes(field.name);
    field.setAttribute("aria-invalid", isWrong);
    field.setAttribute("aria-describedby", isWrong ? box.id : "");
  }
}

// What is refused is said beside the form; where a link or Back leads to it, its page says more.
async function show(address, { remember, form }) {
  asking.abort();
  asking = new AbortController();
  try {
    const response = await fetch(address, { signal: asking.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!response.ok) return form ? complain(page, form) : leave(address);
    if (remember && response.url !== location.href) history.pushState(null, "", response.url);
    swap(page);
  } catch (error) {
    if (error.name !== "AbortError") leave(address);
  }
}

function leave(address) {
  if (address === location.href) location.reload();
  else location.assign(address);
}

function simulate(form) {
  if (form.reportValidity()) show(addressOf(form), { remember: true, form });
}

document.addEventListener("change", ({ target }) => {
  if (target.form?.id === "facts") simulate(target.form);
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "facts") return;
  event.preventDefault();
  simulate(event.target);
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("#result a, #steps a");
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plain || link.pathname !== location.pathname) return;
  event.preventDefault();
  await show(link.href, { remember: true });
  document.getElementById("result-title").focus();
});

addEventListener("popstate", () => show(location.href, { remember: false }));
