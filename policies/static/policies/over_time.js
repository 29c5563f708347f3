// Draw points by version from the numbers that the page carries as JSON, beside each canvas.
// A line ends where the method changes: points on both sides of that do not mean the same.

/* global Chart */

const POINTS = ["circle", "rect", "triangle", "rectRot"]; // Each method has its own.

function colours(canvas) {
  const styles = getComputedStyle(canvas);
  const colour = (name) => styles.getPropertyValue(name).trim();
  return {
    ink: colour("--ink"),
    soft: colour("--soft"),
    grid: colour("--grid"),
    line: colour("--accent"),
    page: colour("--bg"),
  };
}

function runs({ points, breaks }, { line, page }) {
  const starts = [0, ...breaks];
  return starts.map((start, place) => ({
    data: points.map((value, at) =>
      at >= start && at < (starts[place + 1] ?? points.length) ? value : null,
    ),
    stepped: true,
    clip: false, // The highest points stand whole.
    borderColor: line,
    borderWidth: 2.5,
    pointStyle: POINTS[place % POINTS.length],
    pointRadius: 5,
    pointBackgroundColor: line,
    pointBorderColor: page,
    pointBorderWidth: 1.5,
  }));
}

// A dashed line where the method changed, with these words beside it.
function marks({ breaks, changed }, { ink, soft }, font) {
  return {
    id: "marks",
    afterDatasetsDraw({ ctx, chartArea, scales: { x } }) {
      ctx.save();
      ctx.strokeStyle = soft;
      ctx.fillStyle = ink;
      ctx.font = `${font.size}px ${font.family}`;
      ctx.setLineDash([4, 4]);
      for (const at of breaks) {
        const place = (x.getPixelForValue(at - 1) + x.getPixelForValue(at)) / 2;
        ctx.beginPath();
        ctx.moveTo(place, chartArea.top);
        ctx.lineTo(place, chartArea.bottom);
        ctx.stroke();
        const fits = place + ctx.measureText(changed).width + 6 < chartArea.right;
        ctx.textAlign = fits ? "left" : "right";
        ctx.fillText(changed, place + (fits ? 5 : -5), chartArea.top - 10);
      }
      ctx.restore();
    },
  };
}

function configuration(canvas, data) {
  const found = colours(canvas);
  const font = { family: getComputedStyle(canvas).fontFamily, size: 13 };
  return {
    type: "line",
    data: { labels: data.labels, datasets: runs(data, found) },
    options: {
      animation: false,
      devicePixelRatio: Math.max(2, devicePixelRatio), // Crisp on paper, too.
      layout: { padding: { top: 26, right: 10 } },
      maintainAspectRatio: false,
      events: [], // The numbers stand in the table; nothing hides in a tooltip.
      plugins: { legend: { display: false } },
      scales: {
        x: {
          offset: true,
          ticks: { color: found.soft, font, maxRotation: 0 },
          grid: { display: false },
        },
        y: {
          min: 0,
          max: data.maximum,
          ticks: {
            color: found.soft,
            font,
            stepSize: data.maximum > 2 ? 2 : 0.5,
            callback: (points) => (Number.isInteger(points) ? points : ""),
          },
          grid: { color: found.grid },
        },
      },
    },
    plugins: [marks(data, found, font)],
  };
}

const canvases = [...document.querySelectorAll(".over-time-box canvas")];
let charts = [];

function draw() {
  for (const chart of charts) chart.destroy();
  charts = canvases.map((canvas) => {
    const data = JSON.parse(document.getElementById(`${canvas.id}-data`).textContent);
    return new Chart(canvas, configuration(canvas, data));
  });
}

draw();
document.fonts.ready.then(draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
matchMedia("print").addEventListener("change", draw);
