"use strict";

// Colours are the page's, by name: so light, dark and print need no second drawing.
const look = {
  background: null,
  font: "system-ui, sans-serif",
  view: {stroke: null},
  axis: {
    labelColor: "var(--ink-2)", titleColor: "var(--ink-2)", gridColor: "var(--line)", domainColor: "var(--line)",
    tickColor: "var(--line)", labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal"
  },
  legend: {labelColor: "var(--ink)", labelFontSize: 12}
};

async function drawAll() {
  const charts = [...document.querySelectorAll(".chart")];
  for (const chart of charts) {
    const spec = JSON.parse(document.getElementById(chart.dataset.spec).textContent);
    await vegaEmbed(chart, spec, {renderer: "svg", actions: false, tooltip: false, config: look});
  }
  document.documentElement.dataset.charts = charts.length;
}

// A fold can't be opened on paper.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("main details:not([open])")];
  opened.forEach(details => details.open = true);
});
addEventListener("afterprint", () => opened.forEach(details => details.open = false));

drawAll().catch(failure => console.error(failure));
