// Draw the maturity radar from the numbers that the page carries as JSON.

/* global Chart */

const canvas = document.getElementById("radar");
const data = JSON.parse(document.getElementById("radar-data").textContent);

function colours() {
  const styles = getComputedStyle(canvas);
  const colour = (name) => styles.getPropertyValue(name).trim();
  return {
    ink: colour("--ink"),
    soft: colour("--soft"),
    grid: colour("--grid"),
    line: colour("--accent"),
    area: colour("--radar-area"),
    page: colour("--bg"),
  };
}

function configuration() {
  const { ink, soft, grid, line, area, page } = colours();
  const font = { family: getComputedStyle(canvas).fontFamily, size: 14.5, lineHeight: 1.2 };
  return {
    type: "radar",
    data: {
      labels: data.labels,
      datasets: [
        {
          label: data.name,
          data: data.points,
          borderColor: line,
          backgroundColor: area,
          borderWidth: 2.5,
          pointRadius: 5,
          pointBackgroundColor: line,
          pointBorderColor: page,
          pointBorderWidth: 1.5,
        },
      ],
    },
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

let chart;

function draw() {
  chart?.destroy();
  chart = new Chart(canvas, configuration());
}

draw();
document.fonts.ready.then(draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
matchMedia("print").addEventListener("change", draw);
