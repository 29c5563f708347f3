// Draw maturity radars from the numbers that the page carries as JSON, beside each canvas.

/* global Chart */

// Outlines lie over each other: the first is the widest and lowest, and each has its own dashes
// and points, for colours alone tell nothing to some.
const LOOKS = [
  { colour: "--series-1", dash: [], point: "circle", radius: 8, width: 5 },
  { colour: "--series-2", dash: [9, 5], point: "rect", radius: 7, width: 3.5 },
  { colour: "--series-3", dash: [2, 4], point: "triangle", radius: 7, width: 2.5 },
];
const ALONE = { colour: "--accent", dash: [], point: "circle", radius: 5, width: 2.5 };

function colours(canvas) {
  const styles = getComputedStyle(canvas);
  const colour = (name) => styles.getPropertyValue(name).trim();
  return {
    colour,
    ink: colour("--ink"),
    soft: colour("--soft"),
    grid: colour("--grid"),
    area: colour("--radar-area"),
    page: colour("--bg"),
  };
}

function outlines(data, { colour, area, page }) {
  const series = data.series ?? [data];
  return series.map(({ name, points }, place) => {
    const look = series.length > 1 ? LOOKS[place] : ALONE;
    return {
      label: name,
      data: points,
      order: series.length - place, // The last is drawn on top.
      borderColor: colour(look.colour),
      borderDash: look.dash,
      borderWidth: look.width,
      backgroundColor: area,
      fill: series.length === 1,
      pointStyle: look.point,
      pointRadius: look.radius,
      pointBackgroundColor: colour(look.colour),
      pointBorderColor: page,
      pointBorderWidth: 1.5,
    };
  });
}

function configuration(canvas, data) {
  const found = colours(canvas);
  const { ink, soft, grid, page } = found;
  const font = { family: getComputedStyle(canvas).fontFamily, size: 14.5, lineHeight: 1.2 };
  return {
    type: "radar",
    data: { labels: data.labels, datasets: outlines(data, found) },
    options: {
      animation: false,
      devicePixelRatio: Math.max(2, devicePixelRatio), // Crisp on paper, too.
      layout: { padding: { left: 8, right: 8 } },
      maintainAspectRatio: false,
      events: [], // The numbers stand in the labels and the table; nothing hides in a tooltip.
      plugins: { legend: { display: false } },
      scales: {
        r: {
          min: 0,
          max: data.maximum,
          ticks: {
            stepSize: 0.5,
            color: soft,
            font: { ...font, size: 13 },
            backdropColor: page,
            callback: (points) => (points && Number.isInteger(points) ? points : ""),
          },
          grid: { color: grid },
          angleLines: { color: grid },
          pointLabels: { color: ink, font, padding: 4 },
        },
      },
    },
  };
}

let charts = [];

function draw() {
  for (const chart of charts) chart.destroy();
  charts = [...document.querySelectorAll(".radar canvas")].map((canvas) => {
    const data = JSON.parse(document.getElementById(`${canvas.id}-data`).textContent);
    return new Chart(canvas, configuration(canvas, data));
  });
}

draw();
document.fonts.ready.then(draw);
document.addEventListener("radars", draw); // Others have come in their place.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
matchMedia("print").addEventListener("change", draw);
