// Open the folds that an address points into, and those inside the cell that it names.

function open() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const around = target.closest("details");
  const inside = target.matches("td, th, li, section.criterion") ? target.querySelectorAll("details") : [];
  const closed = [around, ...inside].filter((fold) => fold && !fold.open);
  for (const fold of closed) fold.open = true;
  if (around && closed.includes(around)) target.scrollIntoView();
}

open();
addEventListener("hashchange", open);
