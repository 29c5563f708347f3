/* Below each choice of a rule stands what it asks; what the checks say of the levels follows what
   is chosen, before it is saved. */

const WAIT = 300; // ms after the last change
const form = document.getElementById("criterion_form");
const findings = form.querySelector(".fact-findings .readonly");
const RULES = "select[name$=-rule], select[name=known_gap]";
let waiting;

function explain(select) {
  let help = select.parentElement.querySelector(".rule-help");
  if (!help) {
    help = document.createElement("p");
    help.className = "rule-help help";
    help.id = `${select.id}_rule`;
    select.after(help);
    select.setAttribute("aria-describedby", help.id);
  }
  const [, words = ""] = select.selectedOptions[0]?.text.split(/: (.*)/s) ?? [];
  help.textContent = select.value && words;
}

function typed() {
  const { known_gap: gap, title } = form.elements;
  const asked = new URLSearchParams({ known_gap: gap.value, title: title.value });
  for (const select of form.querySelectorAll("select[name$=-rule]")) {
    const name = select.name.replace(/rule$/, "");
    if (name.includes("__prefix__") || form.elements[`${name}DELETE`]?.checked) continue;
    asked.append("points", form.elements[`${name}points`].value);
    asked.append("rule", select.value);
  }
  return asked;
}

async function check() {
  const { findings: address } = document.getElementById("rules").dataset;
  try {
    const response = await fetch(`${address}?${typed()}`, { redirect: "error" });
    if (response.ok) findings.innerHTML = await response.text();
  } catch {
    // No line just now: the next change may get through, and saving tells in any case.
  }
}

function changed({ target }) {
  if (target.matches(RULES)) explain(target);
  clearTimeout(waiting);
  waiting = setTimeout(check, WAIT);
}

for (const select of form.querySelectorAll(RULES)) explain(select);
if (findings) {
  findings.setAttribute("role", "status");
  form.addEventListener("input", changed);
  document.addEventListener("formset:added", changed);
}
