"use strict";

// Zones and lines of a camera: a list, their points, and the text for a pipeline file.
const chooser = document.getElementById("camera");
const nameField = document.getElementById("name");
let shapes = [];
let chosenShape = -1;
let chosenPoint = -1;
let isFile = false;

const camera = () => chooser.value;
const shape = () => shapes[chosenShape];
const rounded = (value) => Math.round(Math.min(Math.max(value, 0), 1) * 1000) / 1000;
const fewest = (one) => (one.isZone ? 3 : 2);

async function start() {
  const cameras = await (await fetch("api/cameras")).json();
  for (const one of cameras) chooser.append(new Option(one.name, one.name));
  const wanted = new URLSearchParams(location.search).get("camera");
  if (cameras.some((one) => one.name === wanted)) chooser.value = wanted;
  chooser.hidden = cameras.length === 1;
  isFile = cameras[0].isFile === true;
  document.querySelector("nav").hidden = isFile;
  await open();
  if (!isFile) showCountsForever();
}

async function open() {
  const places = await (await fetch(`api/cameras/${camera()}/places`)).json();
  shapes = [...places.zones.map((zone) => ({ ...zone, isZone: true })), ...places.lines.map((line) => ({ ...line, isZone: false }))];
  choose(shapes.length > 0 ? 0 : -1);
  watchPicture();
}

function choose(index, point = -1) {
  [chosenShape, chosenPoint] = [index, point];
  update();
}

function update() {
  showList();
  drawShapes();
  document.getElementById("yaml").value = yaml();
}

function showList() {
  const list = document.getElementById("shapes");
  while (list.children.length > shapes.length) list.lastChild.remove();
  shapes.forEach((one, index) => {
    if (!list.children[index]) {
      const item = make("li");
      const button = make("button");
      button.type = "button";
      button.append(make("span"), make("small"));
      button.addEventListener("click", () => choose(index));
      item.append(button);
      list.append(item);
    }
    const button = list.children[index].firstChild;
    button.className = one.isZone ? "zone" : "line";
    button.setAttribute("aria-pressed", String(index === chosenShape));
    button.firstChild.textContent = one.label ? `${one.name} (${one.label})` : one.name;
    button.lastChild.textContent = one.counts || (one.isZone ? `zone, ${one.points.length} points` : `line, ${one.points.length} points`);
  });
  document.getElementById("tools").hidden = shape() === undefined;
  if (shape() === undefined) return;
  if (document.activeElement !== nameField) nameField.value = shape().name;
  document.getElementById("swap").hidden = shape().isZone;
  document.getElementById("remove-point").disabled = chosenPoint < 0 || shape().points.length <= fewest(shape());
}

function freeName(word) {
  for (let number = 1; ; number++) {
    if (!shapes.some((one) => one.name === `${word}-${number}`)) return `${word}-${number}`;
  }
}

function add(isZone) {
  const points = isZone ? [[0.35, 0.4], [0.65, 0.4], [0.65, 0.7], [0.35, 0.7]] : [[0.25, 0.6], [0.75, 0.6]];
  shapes.push({ name: freeName(isZone ? "zone" : "line"), points, isZone });
  choose(shapes.length - 1);
}

function removePoint() {
  if (shape() === undefined || chosenPoint < 0 || shape().points.length <= fewest(shape())) return;
  shape().points.splice(chosenPoint, 1);
  choose(chosenShape);
}

// YAML of the zones and lines; other settings of a known one stay as they are in its file.
function yaml() {
  const block = (key, isZone) => {
    const found = shapes.filter((one) => one.isZone === isZone);
    return found.length === 0 ? "" : [key + ":", ...found.map(entry)].join("\n") + "\n";
  };
  return block("zones", true) + block("lines", false);
}

function entry(one) {
  const points = one.points.map(([x, y]) => `[${x}, ${y}]`).join(", ");
  const rows = [`  - name: ${one.name}`];
  if (one.label) rows.push(`    label: ${JSON.stringify(one.label)}`);
  rows.push(`    points: [${points}]`);
  if (one.names) rows.push(`    names: { in: ${JSON.stringify(one.names.in)}, out: ${JSON.stringify(one.names.out)} }`);
  if (one.classes && one.classes.length > 0) rows.push(`    classes: [${one.classes.map((name) => JSON.stringify(name)).join(", ")}]`);
  return rows.join("\n");
}

async function showCountsForever() {
  for (;;) {
    try {
      const found = (await (await fetch("api/cameras")).json()).find((one) => one.name === camera());
      const sum = (classes) => Object.values(classes).reduce((total, count) => total + count, 0);
      for (const one of shapes) {
        const zone = one.isZone && found.zones.find((zone) => zone.name === one.name);
        const line = !one.isZone && found.lines.find((line) => line.name === one.name);
        one.counts = zone ? `${sum(zone.inside)} inside`
          : line ? Object.entries(line.counts).map(([direction, classes]) => `${sum(classes)} ${direction}`).join(", ") : "";
      }
      showList();
    } catch (error) {
      document.getElementById("summary").textContent = "no response from thunderline; retrying…";
    }
    await new Promise((done) => setTimeout(done, 1000));
  }
}

chooser.addEventListener("change", open);
document.getElementById("add-zone").addEventListener("click", () => add(true));
document.getElementById("add-line").addEventListener("click", () => add(false));
document.getElementById("remove-point").addEventListener("click", removePoint);
document.getElementById("remove").addEventListener("click", () => {
  shapes.splice(chosenShape, 1);
  choose(Math.min(chosenShape, shapes.length - 1));
});
document.getElementById("swap").addEventListener("click", () => {
  shape().points.reverse();
  choose(chosenShape);
});
nameField.addEventListener("input", () => {
  const isTaken = shapes.some((one, index) => index !== chosenShape && one.name === nameField.value);
  nameField.setCustomValidity(isTaken ? "Another one has this name." : "");
  if (!nameField.checkValidity() || nameField.value === "") return;
  shape().name = nameField.value;
  update();
});
document.getElementById("copy").addEventListener("click", async () => {
  const area = document.getElementById("yaml");
  area.select();
  // The clipboard of scripts is for secure pages only; the older command works on all.
  const isCopied = navigator.clipboard ? await navigator.clipboard.writeText(area.value).then(() => true, () => false) : false;
  document.getElementById("copied").textContent = isCopied || document.execCommand("copy") ? "copied" : "select and copy the text";
});
addEventListener("DOMContentLoaded", () => start().catch((error) => { document.getElementById("summary").textContent = error.message; }));
