// Draw bars from the numbers that the page carries as JSON, beside each canvas. A bar leads to the
// list that it counts; so does the table, which needs no script.

/* global Chart */

const ROW = 34; // pixels
const THIN = 21; // of each of several bars in a row

// Several bars in a row differ by pattern, for colours alone tell nothing to some.
const PATTERNS = [
  null,
  (tile) => {
    for (const from of [-8, 0, 8]) {
      tile.moveTo(from, 8);
      tile.lineTo(from + 8, 0);
    }
  },
  (tile) => {
    for (const from of [2, 6]) {
      tile.moveTo(from - 1, from);
      tile.lineTo(from + 1, from);
    }
  },
  (tile) => {
    tile.moveTo(4, 0);
    tile.lineTo(4, 8);
  },
];
const SHARP = 4; // pixels of a tile for each of the page

function filled(context, draw, colour) {
  if (!draw) return colour;
  const tile = new OffscreenCanvas(8 * SHARP, 8 * SHARP).getContext("2d");
  tile.scale(SHARP, SHARP);
  tile.strokeStyle = colour;
  tile.lineWidth = 2;
  draw(tile);
  tile.stroke();
  const pattern = context.createPattern(tile.canvas, "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / SHARP));
  return pattern;
}

function bars(canvas, series, colour) {
  if (series.length === 1) {
    const [{ name, counts }] = series;
    return [{ label: name, data: counts, backgroundColor: colour, maxBarThickness: 22 }];
  }
  return series.map(({ name, counts }, place) => ({
    label: name,
    data: counts,
    backgroundColor: filled(canvas.getContext("2d"), PATTERNS[place % PATTERNS.length], colour),
    borderColor: colour,
    borderWidth: 1.5,
    borderSkipped: false,
    barPercentage: 0.8,
    categoryPercentage: 0.85,
  }));
}

// Of how many each bar is, where the bars are not all of the same.
function denominators(series, colour, font) {
  return {
    id: "denominators",
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      ctx.fillStyle = colour;
      ctx.font = `${font.size}px ${font.family}`;
      ctx.textBaseline = "middle";
      series.forEach(({ words }, place) =>
        chart
          .getDatasetMeta(place)
          .data.forEach(({ x, y }, at) => ctx.fillText(words[at], x + 6, y)),
      );
      ctx.restore();
    },
  };
}

function configuration(canvas, data) {
  const styles = getComputedStyle(canvas);
  const colour = (name) => styles.getPropertyValue(name).trim();
  const font = { family: styles.fontFamily, size: 14 };
  const series = data.series ?? [data];
  const isCrossed = Boolean(data.series);
  const legend = {
    display: isCrossed,
    align: "start",
    onClick: () => {}, // No bar is ever hidden.
    labels: { color: colour("--ink"), font, boxWidth: 26, boxHeight: 13 },
  };
  return {
    type: "bar",
    data: { labels: linesOf(canvas, data), datasets: bars(canvas, series, colour("--accent")) },
    options: {
      animation: false,
      indexAxis: "y",
      devicePixelRatio: Math.max(2, devicePixelRatio), // Crisp on paper, too.
      layout: { padding: { right: isCrossed ? 72 : 0 } },
      maintainAspectRatio: false,
      onClick: (_event, [bar]) => bar && location.assign(series[bar.datasetIndex].urls[bar.index]),
      onHover: (event, found) => {
        event.native.target.style.cursor = found.length ? "pointer" : "";
      },
      plugins: { legend, tooltip: { enabled: false } },
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
    plugins: isCrossed ? [denominators(series, colour("--ink"), { ...font, size: 13 })] : [],
  };
}

// In lines that leave half of the width, at least; words joined by a slash may part behind it.
function wrapped(label, width) {
  const longest = Math.min(28, Math.floor(width / 17)); // characters
  const lines = [""];
  for (const part of label.match(/\S+?(?:\/(?=\S)|\s+|$)/g) ?? []) {
    const last = lines.at(-1);
    if (last && (last + part.trimEnd()).length > longest) lines.push(part);
    else lines[lines.length - 1] = last + part;
  }
  return lines.map((line) => line.trimEnd());
}

function linesOf(canvas, { labels }) {
  return labels.map((label) => wrapped(label, canvas.parentElement.clientWidth));
}

function height(canvas, data) {
  if (data.series) return data.labels.length * (data.series.length * THIN + 14) + 100;
  const lines = linesOf(canvas, data).reduce((sum, each) => sum + Math.max(1.6, each.length), 0);
  return Math.round(lines * ROW * 0.62) + 50;
}

const canvases = [...document.querySelectorAll(".bars canvas")];
let charts = [];

function draw() {
  for (const chart of charts) chart.destroy();
  charts = canvases.map((canvas) => {
    const data = JSON.parse(document.getElementById(`${canvas.id}-data`).textContent);
    canvas.parentElement.hidden = false;
    canvas.parentElement.style.height = `${height(canvas, data)}px`;
    return new Chart(canvas, configuration(canvas, data));
  });
}

draw();
document.fonts.ready.then(draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
matchMedia("print").addEventListener("change", draw);
matchMedia("(orientation: portrait)").addEventListener("change", draw);
