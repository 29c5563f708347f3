// Open the folds that an address points into, and those inside the cell or text that it names.

function named() {
  try {
    return document.getElementById(decodeURIComponent(location.hash.slice(1)));
  } catch {
    return null; // Not every % in an address stands for a letter.
  }
}

function open() {
  const target = named();
  if (!target) return;
  const around = target.closest("details:not([open])");
  const inside = target.matches("td, li") ? target.querySelectorAll("details") : [];
  for (const fold of inside) fold.open = true;
  if (!around) return;
  around.open = true;
  target.scrollIntoView();
}

open();
addEventListener("hashchange", open);
