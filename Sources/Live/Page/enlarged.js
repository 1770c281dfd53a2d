"use strict";

// One camera as a stream, with its zones and counts.
let enlarged = null;
const large = document.getElementById("large");

function enlarge(name) {
  const image = large.querySelector("img");
  image.removeAttribute("src");
  enlarged = { name, image, isUp: false };
  // A refused or broken stream is requested again; no event tells the end of one that has shown frames.
  image.onerror = () => { if (enlarged !== null && enlarged.image.hasAttribute("src")) enlarged.isUp = false; };
  image.alt = "Video of " + name;
  text(document.getElementById("large-name"), name);
  large.querySelector(".edit").href = "zones?camera=" + name;
  if (!large.open) large.showModal();
  follow(tiles.get(name).camera);
}

large.querySelector(".close").addEventListener("click", () => large.close());
large.querySelector(".clip").addEventListener("click", (event) => requestClip(enlarged.name, event.target));
large.addEventListener("click", (event) => { if (event.target === large) large.close(); });
large.addEventListener("close", () => {
  enlarged.image.removeAttribute("src");
  enlarged = null;
});
document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined || enlarged === null) return;
  const names = [...tiles.keys()];
  enlarge(names[(names.indexOf(enlarged.name) + step + names.length) % names.length]);
});

// The stream of a camera ends when it is silent, and is requested again when it is back.
function follow(camera) {
  if (enlarged === null || enlarged.name !== camera.name) return;
  const isUp = camera.state === "watching" && camera.ageSeconds < 10;
  if (isUp && !enlarged.isUp) enlarged.image.src = `cameras/${camera.name}.mjpeg?${Date.now()}`;
  enlarged.isUp = isUp;
  text(large.querySelector(".numbers"), isUp
    ? `${camera.framesPerSecond.toFixed(1)} frames/s · ${camera.detectionsPerSecond.toFixed(1)} detections/s · ${age(camera.ageSeconds)}`
    : camera.reason || "connecting…");
  large.querySelector(".clip").hidden = camera.recording.state === "off";
  showCounts(camera);
}

function showCounts(camera) {
  const sum = (classes) => Object.values(classes).reduce((total, count) => total + count, 0);
  const words = (classes) => Object.entries(classes).filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`).join(", ");
  const rows = camera.zones.map((zone) => [zone.name, "inside", sum(zone.inside), words(zone.inside)]);
  for (const line of camera.lines) {
    for (const [direction, classes] of Object.entries(line.counts)) rows.push([line.name, direction, sum(classes), words(classes)]);
  }
  const table = document.getElementById("counts");
  const key = JSON.stringify(rows);
  if (table.dataset.key === key) return;
  table.dataset.key = key;
  table.replaceChildren(...rows.map((cells) => {
    const row = make("tr");
    row.append(...cells.map((cell, index) => make(index === 0 ? "th" : "td", String(cell))));
    return row;
  }));
}
