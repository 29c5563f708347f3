// Draw bars from the numbers that the page carries as JSON, beside each canvas. A bar leads to the
// list that it counts; so does the table, which needs no script.

/* global Chart */

const ROW = 34; // pixels

function configuration(canvas, data) {
  const styles = getComputedStyle(canvas);
  const colour = (name) => styles.getPropertyValue(name).trim();
  const font = { family: styles.fontFamily, size: 14 };
  return {
    type: "bar",
    data: {
      labels: data.labels.map(wrapped),
      datasets: [{ data: data.counts, backgroundColor: colour("--accent"), maxBarThickness: 22 }],
    },
    options: {
      animation: false,
      indexAxis: "y",
      devicePixelRatio: Math.max(2, devicePixelRatio), // Crisp on paper, too.
      maintainAspectRatio: false,
      onClick: (_event, [bar]) => bar && location.assign(data.urls[bar.index]),
      onHover: (event, bars) => {
        event.native.target.style.cursor = bars.length ? "pointer" : "";
      },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
      scales: {
        x: {
          min: 0,
          max: data.of || 1, // All there are: a full bar is everybody.
          ticks: { color: colour("--soft"), font, precision: 0 },
          grid: { color: colour("--line") },
        },
        y: { ticks: { color: colour("--ink"), font, autoSkip: false }, grid: { display: false } },
      },
    },
  };
}

function wrapped(label) {
  const lines = [""];
  for (const word of label.split(" ")) {
    const last = lines.at(-1);
    if (last && (last + word).length > 28) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

const canvases = [...document.querySelectorAll(".bars canvas")];
let charts = [];

function draw() {
  for (const chart of charts) chart.destroy();
  charts = canvases.map((canvas) => {
    const data = JSON.parse(document.getElementById(`${canvas.id}-data`).textContent);
    const lines = data.labels.reduce((sum, label) => sum + Math.max(1.6, wrapped(label).length), 0);
    canvas.parentElement.hidden = false;
    canvas.parentElement.style.height = `${Math.round(lines * ROW * 0.62) + 50}px`;
    return new Chart(canvas, configuration(canvas, data));
  });
}

draw();
document.fonts.ready.then(draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
matchMedia("print").addEventListener("change", draw);
