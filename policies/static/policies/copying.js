// Copy a citation or the address of a part of the page, and say so.

const said = document.querySelector(".copied");
const SHOWN = 4000; // milliseconds

let clearing, done;

function clear() {
  said.textContent = "";
  done?.classList.remove("done");
}

function say(words, button) {
  clearTimeout(clearing);
  clear();
  said.textContent = words;
  done = button;
  done.classList.add("done");
  clearing = setTimeout(clear, SHOWN);
}

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      say(button.dataset.done, button);
    } catch {
      getSelection().selectAllChildren(source); // Not allowed: ready to be copied by hand.
    }
  });
}

// Beside each permalink, which stays a plain link, a button that copies the whole address.
function addButton(link, permanent) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-address";
  button.title = said.dataset.copy;
  button.ariaLabel = `${said.dataset.copy}: ${link.ariaLabel}`;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(new URL(link.getAttribute("href"), permanent));
      say(said.dataset.done, button);
    } catch {
      link.click(); // Not allowed: the address stands where the browser shows it.
    }
  });
  link.after(button);
}

if (said && navigator.clipboard) {
  const permanent = document.querySelector("#citation a").href;
  for (const link of document.querySelectorAll(".permalink")) addButton(link, permanent);
}
