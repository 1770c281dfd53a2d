"use strict";

// Lines over the last hours, one for each camera; the history is kept by the server.
async function showCharts() {
  for (;;) {
    try {
      const history = await (await fetch("api/history")).json();
      const names = Object.keys(history.cameras);
      drawChart("chart-detections", history.times, names.map((name) => [name, history.cameras[name].detections]));
      drawChart("chart-ages", history.times, names.map((name) => [name, history.cameras[name].ages]));
      drawChart("chart-load", history.times, [["load", history.load]]);
    } catch (error) { /* The summary says that there is no response. */ }
    await sleep(15000);
  }
}

function element(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function drawChart(id, times, series) {
  const chart = document.getElementById(id);
  const [width, height, left, bottom] = [400, 120, 30, 16];
  chart.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const values = series.flatMap(([, numbers]) => numbers).filter((number) => number !== null);
  const most = Math.max(1, ...values);
  const [first, last] = [times[0], times[times.length - 1]];
  const x = (time) => left + (width - left - 4) * (last > first ? (time - first) / (last - first) : 1);
  const y = (value) => (height - bottom) * (1 - value / most) + 4;
  const parts = [0, most / 2, most].flatMap((value) => [
    element("line", { x1: left, x2: width, y1: y(value), y2: y(value), class: "grid" }),
    element("text", { x: left - 4, y: y(value) + 4, "text-anchor": "end" }, most < 4 ? value.toFixed(1) : Math.round(value)),
  ]);
  if (times.length > 0) {
    parts.push(element("text", { x: left, y: height - 2 }, clock(first).slice(0, 5)),
      element("text", { x: width, y: height - 2, "text-anchor": "end" }, clock(last).slice(0, 5)));
  }
  series.forEach(([name, numbers], index) => parts.push(...curve(name, numbers, index, times, x, y)));
  chart.replaceChildren(...parts);
}

// Pieces between gaps, since a lost camera has no values.
function curve(name, numbers, index, times, x, y) {
  const colour = `hsl(${(210 + index * 137) % 360} 65% 50%)`;
  const pieces = [[]];
  numbers.forEach((number, place) => {
    if (number === null) pieces.push([]);
    else pieces[pieces.length - 1].push(`${x(times[place]).toFixed(1)},${y(number).toFixed(1)}`);
  });
  return pieces.filter((piece) => piece.length > 0).map((piece) => {
    const isPoint = piece.length === 1;
    const made = isPoint
      ? element("circle", { cx: piece[0].split(",")[0], cy: piece[0].split(",")[1], r: 2, fill: colour })
      : element("polyline", { points: piece.join(" "), stroke: colour, class: "curve" });
    made.append(element("title", {}, name));
    return made;
  });
}

addEventListener("DOMContentLoaded", showCharts);
