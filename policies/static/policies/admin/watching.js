// A form whose work takes a while: the server tells how far it is, line by line.

const LINES = "application/x-ndjson";

async function* linesOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    const lines = (rest + (value ?? "")).split("\n");
    rest = lines.pop();
    yield* lines.filter(Boolean).map((line) => JSON.parse(line));
    if (done) return;
  }
}

function show(form, { stage, done, total }) {
  const bar = form.querySelector("progress");
  form.querySelector(".watched").hidden = false;
  form.querySelector(".watched [role=status]").textContent = stage;
  if (total > 1) {
    bar.max = total;
    bar.value = done;
  } else {
    bar.removeAttribute("value");
  }
}

function refuse(form, problems) {
  const place = form.querySelector(".watched-problems");
  form.querySelector(".watched").hidden = true;
  place.replaceChildren(...problems.map((problem) => {
    const line = document.createElement("p");
    line.textContent = problem;
    return line;
  }));
  place.hidden = false;
}

async function send(form, button) {
  const response = await fetch(form.action, {
    method: "POST",
    headers: { Accept: LINES },
    body: new FormData(form, button),
  });
  if (!response.headers.get("Content-Type")?.startsWith(LINES)) {
    throw new Error(response.statusText);
  }
  for await (const line of linesOf(response)) {
    if (line.location) {
      location.assign(line.location);
      return;
    }
    if (line.problems) {
      refuse(form, line.problems);
      return;
    }
    if (line.failed) throw new Error("failed");
    show(form, line);
  }
  throw new Error("the answer ended early");
}

for (const form of document.querySelectorAll("form[data-watched]")) {
  form.addEventListener("submit", async (event) => {
    if (!form.reportValidity()) return;
    event.preventDefault();
    const buttons = form.querySelectorAll("[type=submit]");
    form.querySelector(".watched-problems").hidden = true;
    show(form, { stage: "", done: 0, total: 1 });
    for (const button of buttons) button.disabled = true;
    try {
      await send(form, null);
    } catch {
      refuse(form, [form.querySelector(".watched-problems").dataset.lost]);
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  });
}
