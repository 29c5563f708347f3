/* A table full of links takes one stop of the Tab key; inside it the arrow keys, Home and End move. */

const STEPS = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

for (const table of document.querySelectorAll("table.matrix")) {
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  const grid = rows.map((row) => [...row.cells].map((cell) => cell.querySelector("a")));
  const links = grid.flat().filter(Boolean);
  const choose = (link) => links.forEach((each) => (each.tabIndex = each === link ? 0 : -1));
  choose(links[0]);
  table.addEventListener("focusin", (event) => choose(event.target));
  table.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const row = grid.findIndex((cells) => cells.includes(event.target));
    if (!step || row < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    next(grid, row, grid[row].indexOf(event.target), step)?.focus();
  });
}

/* The nearest link in that direction, past cells that are empty; at the far end for Home and End. */
function next(grid, row, column, [down, right]) {
  if (Math.abs(right) === Infinity) {
    const own = grid[row].filter(Boolean);
    return right < 0 ? own[0] : own[own.length - 1];
  }
  do {
    row += down;
    column += right;
  } while (grid[row] && column >= 0 && column < grid[row].length && !grid[row][column]);
  return grid[row]?.[column];
}
