"use strict";

// The picture with the shapes over it; points are buttons, so that touch and keyboard reach them.
const picture = document.getElementById("picture");
const frame = picture.querySelector("img");
const drawing = picture.querySelector("svg");
let pictureTurn = 0;

async function watchPicture() {
  const turn = ++pictureTurn;
  while (turn === pictureTurn) {
    const reply = document.hidden ? null : await fetch(`cameras/${camera()}.jpg`).catch(() => null);
    if (reply !== null && reply.ok && turn === pictureTurn) {
      const old = frame.src;
      frame.src = URL.createObjectURL(await reply.blob());
      await frame.decode().catch(() => {});
      if (old) URL.revokeObjectURL(old);
      if (isFile) return;
    }
    await new Promise((done) => setTimeout(done, reply !== null && reply.ok ? 500 : 2000));
  }
}

function svg(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function drawShapes() {
  drawing.setAttribute("viewBox", "0 0 1000 1000");
  const parts = [];
  picture.querySelectorAll(".direction").forEach((label) => label.remove());
  shapes.forEach((one, index) => {
    const points = one.points.map(([x, y]) => `${x * 1000},${y * 1000}`).join(" ");
    const kind = `shape ${one.isZone ? "zone" : "line"}${index === chosenShape ? " chosen" : ""}`;
    const made = svg(one.isZone ? "polygon" : "polyline", { points, class: kind });
    made.addEventListener("pointerdown", () => choose(index));
    parts.push(made);
    if (!one.isZone) parts.push(arrow(one));
  });
  drawing.replaceChildren(...parts);
  drawHandles();
}

// Arrow from the middle of a line to its right side seen on the screen: "in" is from right to left of the walk.
function arrow(one) {
  const middle = Math.floor((one.points.length - 1) / 2);
  const [[x1, y1], [x2, y2]] = [one.points[middle], one.points[middle + 1]];
  const ratio = (picture.clientHeight || 9) / (picture.clientWidth || 16);
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const length = Math.hypot(x2 - x1, (y2 - y1) * ratio) || 1;
  const [across, along] = [(y2 - y1) * ratio / length, -(x2 - x1) / length];
  const tip = [x + across * 0.05, y + along * 0.05 / ratio];
  const label = make("span", one.names ? one.names.in : "in", "direction");
  place(label, [x + across * 0.075, y + along * 0.075 / ratio]);
  picture.append(label);
  const wing = (turn) => {
    const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
    return [tip[0] - 0.015 * (across * cosine - along * sine), tip[1] - 0.015 * (across * sine + along * cosine) / ratio];
  };
  const text = (point) => `${point[0] * 1000},${point[1] * 1000}`;
  return svg("polyline", { class: "arrow", points: [[x, y], tip, wing(0.5), tip, wing(-0.5)].map(text).join(" ") });
}

function place(element, [x, y]) {
  element.style.left = `${x * 100}%`;
  element.style.top = `${y * 100}%`;
}

function drawHandles() {
  const points = shape() ? shape().points : [];
  const wanted = points.map((point, index) => ({ point, index, isNew: false }));
  points.forEach((point, index) => {
    const next = points[(index + 1) % points.length];
    if (index + 1 === points.length && !shape().isZone) return;
    wanted.push({ point: [(point[0] + next[0]) / 2, (point[1] + next[1]) / 2], index: index + 1, isNew: true });
  });
  const handles = picture.querySelectorAll(".handle");
  for (let index = wanted.length; index < handles.length; index++) handles[index].remove();
  wanted.forEach((one, index) => {
    const handle = handles[index] || newHandle();
    handle.className = "handle" + (one.isNew ? " between" : one.index === chosenPoint ? " chosen" : "");
    handle.setAttribute("aria-label", one.isNew ? `Add a point after point ${one.index}` : `Point ${one.index + 1}`);
    handle.facts = one;
    place(handle, one.point);
  });
}

function newHandle() {
  const handle = make("button");
  handle.type = "button";
  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    take(handle.facts);
    handle.focus();
    handle.isHeld = true;
  });
  handle.addEventListener("pointermove", (event) => {
    if (!handle.isHeld) return;
    const area = picture.getBoundingClientRect();
    move(rounded((event.clientX - area.left) / area.width), rounded((event.clientY - area.top) / area.height));
  });
  for (const end of ["pointerup", "pointercancel"]) handle.addEventListener(end, () => { handle.isHeld = false; });
  handle.addEventListener("keydown", (event) => moveByKey(event, handle.facts));
  handle.addEventListener("focus", () => { if (!handle.facts.isNew) choose(chosenShape, handle.facts.index); });
  picture.append(handle);
  return handle;
}

// Makes a point the chosen one; a dot between two points becomes a point.
function take(facts) {
  if (facts.isNew) {
    shape().points.splice(facts.index, 0, facts.point.map(rounded));
    // The handle that is held now stands for the new point, and the others follow in their order.
    const held = [...picture.querySelectorAll(".handle")].find((handle) => handle.facts === facts);
    picture.insertBefore(held, picture.querySelectorAll(".handle")[facts.index]);
  }
  choose(chosenShape, facts.index);
}

function move(x, y) {
  if (shape() === undefined || chosenPoint < 0) return;
  shape().points[chosenPoint] = [x, y];
  update();
}

function moveByKey(event, facts) {
  const step = event.shiftKey ? 0.02 : 0.005;
  const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
  if (event.key === "Delete" || event.key === "Backspace") return removePoint();
  if (way === undefined) return;
  event.preventDefault();
  if (facts.isNew) take(facts);
  const [x, y] = shape().points[chosenPoint];
  move(rounded(x + way[0]), rounded(y + way[1]));
}

addEventListener("resize", drawShapes);
