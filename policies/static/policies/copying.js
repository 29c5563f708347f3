// Copy a citation or the address of a part of the page, and say so.

const said = document.querySelector(".copied");
const SHOWN = 4000; // milliseconds

let clearing;

function say(words) {
  clearTimeout(clearing);
  said.textContent = words;
  clearing = setTimeout(() => (said.textContent = ""), SHOWN);
}

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      say(button.dataset.done);
    } catch {
      getSelection().selectAllChildren(source); // Not allowed: ready to be copied by hand.
    }
  });
}

// A plain click copies; where that is not allowed, and with a key held, the link is a link.
document.addEventListener("click", async (event) => {
  const link = event.target.closest(".permalink");
  if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(link.href);
    say(said.dataset.done);
  } catch {
    location.assign(link.href);
  }
});
