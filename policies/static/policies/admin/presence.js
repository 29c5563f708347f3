/* Who else has this page open: asked again while it is in sight; the others learn that it is left. */

const EVERY = 20_000;
const line = document.getElementById("presence");

function message(fields = {}) {
  const data = new FormData();
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token, ...fields })) {
    data.set(name, value);
  }
  return data;
}

async function ask() {
  if (document.hidden) return;
  try {
    const response = await fetch(line.dataset.address, {
      method: "POST",
      body: message(),
      redirect: "manual", // to the log-in, which knows nothing about it
    });
    const said = response.ok ? await response.text() : line.textContent;
    if (said !== line.textContent) line.textContent = said;
  } catch {
    // No line just now: the next question may get through.
  }
}

ask(); // The page before this one may have taken its leave after this one was made.
setInterval(ask, EVERY);
document.addEventListener("visibilitychange", ask);
addEventListener("pageshow", (event) => event.persisted && ask());
addEventListener("pagehide", () => navigator.sendBeacon(line.dataset.address, message({ leaving: "1" })));
