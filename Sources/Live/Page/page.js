"use strict";

// Frames are requested one by one: a page of many streams would exceed the browser's limit of connections.
const tiles = new Map();
const pause = 120;

function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

function makeTile(camera) {
  const tile = document.getElementById("camera").content.firstElementChild.cloneNode(true);
  const image = tile.querySelector("img");
  image.alt = "Video of " + camera.name;
  tile.querySelector(".video").addEventListener("click", () => enlarge(camera.name));
  tile.querySelector(".clip").addEventListener("click", (event) => requestClip(camera.name, event.target));
  document.getElementById("cameras").append(tile);
  const entry = { tile, image, camera, visible: true };
  new IntersectionObserver((seen) => { entry.visible = seen[seen.length - 1].isIntersecting; }).observe(tile);
  tiles.set(camera.name, entry);
  arrange();
  updateImage(entry);
}

async function updateImage(entry) {
  for (;;) {
    if (entry.visible && !document.hidden && entry.camera.state === "watching") {
      try {
        const reply = await fetch("cameras/" + entry.camera.name + ".jpg");
        if (reply.ok) {
          const url = URL.createObjectURL(await reply.blob());
          const old = entry.image.src;
          entry.image.src = url;
          await entry.image.decode().catch(() => {});
          if (old) URL.revokeObjectURL(old);
        }
      } catch (error) {
        await sleep(1000);
      }
      await sleep(pause);
    } else {
      await sleep(300);
    }
  }
}

function sleep(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

function age(seconds) {
  if (seconds === undefined) return "no frame yet";
  if (seconds < 10) return Math.round(seconds * 1000) + " ms old";
  if (seconds < 120) return Math.round(seconds) + " s old";
  return Math.round(seconds / 60) + " min old";
}

function showCamera(camera) {
  if (!tiles.has(camera.name)) makeTile(camera);
  const entry = tiles.get(camera.name);
  entry.camera = camera;
  const { tile } = entry;
  const isUp = camera.state === "watching";
  text(tile.querySelector("h2"), camera.name);
  const state = tile.querySelector(".state");
  text(state, camera.state);
  state.className = "state " + camera.state;
  text(tile.querySelector(".overlay"), isUp ? "" : camera.reason || "connecting…");
  text(tile.querySelector(".numbers"), isUp
    ? `${camera.framesPerSecond.toFixed(1)} frames/s · ${camera.detectionsPerSecond.toFixed(1)} detections/s · `
      + `${age(camera.ageSeconds)} · ${camera.objects} objects`
    : camera.ageSeconds === undefined ? "" : "last frame " + age(camera.ageSeconds));
  showRecording(tile.querySelector(".recording"), camera);
  showDetails(tile.querySelector("dl"), camera);
}

function showRecording(line, camera) {
  const { state, isFull, isBehind, delaySeconds, reason, clip } = camera.recording;
  line.hidden = state === "off";
  line.classList.toggle("recording-on", state === "recording");
  line.classList.toggle("stopped", state === "stopped" || isBehind);
  const words = {
    recording: isBehind ? `recording lags by ${Math.round(delaySeconds)} s: the disk is slow or hangs`
      : clip ? "recording, and a clip" : "recording",
    waiting: "recording waits" + (reason && reason !== camera.reason ? ": " + reason : ""),
    stopped: isFull ? "not recording: the disk is full" : "not recording: " + reason,
  };
  text(line.querySelector(".text"), words[state] || "");
}

async function requestClip(name, button) {
  button.disabled = true;
  try {
    const reply = await fetch("api/cameras/" + name + "/clip", { method: "POST" });
    text(button, reply.ok ? "clip saved" : await reply.text());
    if (reply.ok) {
      button.parentElement.querySelector("a")?.remove();
      button.before(linkToClip((await reply.json()).clip, "last clip"));
    }
  } catch (error) {
    text(button, "no response");
  }
  await sleep(3000);
  text(button, "save clip");
  button.disabled = false;
}

function showDetails(list, camera) {
  const dropped = Object.entries(camera.dropped).map(([reason, count]) => `${count} ${reason}`).join(", ");
  const rows = [
    ["source", camera.source],
    ["video", camera.width ? `${camera.width}×${camera.height} ${camera.codec}` : "–"],
    ["connections", `${camera.connections} made, ${camera.losses} lost`],
    ["frames", `${camera.decoded} decoded = ${camera.detected} detected + ${camera.tracked} tracked + dropped`],
    ["dropped", dropped || "0"],
    ["superseded", String(camera.superseded)],
    ["damaged", `${camera.damaged}; ${camera.lostPackets} network packets lost`],
    ["not decoded", `${camera.notDecoded} (decoder skips: ${camera.decoderSkip})`],
    ["timestamps repaired", `${camera.repairedTimestamps}; ${camera.clockJumps} clock jumps`],
    ["recorded", `${(camera.recording.bytes / 1e6).toFixed(1)} MB in ${camera.recording.files} files, `
      + `${camera.recording.clips} of them clips; ${camera.recording.lost} packets or frames lost`],
  ];
  rows.forEach(([name, value], index) => {
    if (!list.children[2 * index]) list.append(document.createElement("dt"), document.createElement("dd"));
    text(list.children[2 * index], name);
    text(list.children[2 * index + 1], value);
  });
}

function linkToClip(clip, words) {
  const link = document.createElement("a");
  link.href = "recordings/" + clip;
  link.target = "_blank";
  link.textContent = words;
  return link;
}

async function refresh() {
  for (;;) {
    try {
      const [cameras, events] = await Promise.all(
        ["api/cameras", "api/events"].map(async (path) => (await fetch(path)).json()));
      cameras.forEach(showCamera);
      cameras.forEach(follow);
      showEvents(events);
      const up = cameras.filter((camera) => camera.state === "watching").length;
      text(document.getElementById("summary"), `${up} of ${cameras.length} cameras are up`);
    } catch (error) {
      text(document.getElementById("summary"), "no response from thunderline; retrying…");
      tiles.forEach(({ tile }) => text(tile.querySelector(".overlay"), "no response from thunderline"));
    }
    await sleep(1000);
  }
}

// Columns with which the largest tiles fill the window; a narrow window scrolls.
function arrange() {
  const wall = document.getElementById("cameras");
  const [width, height] = [wall.clientWidth, innerHeight - wall.getBoundingClientRect().top - scrollY - 16];
  const below = 100;
  let [best, columns] = [0, 1];
  for (let count = 1; count <= tiles.size; count++) {
    const rows = Math.ceil(tiles.size / count);
    const size = Math.min(width / count, (height / rows - below) * 16 / 9);
    if (size > best) [best, columns] = [size, count];
  }
  const isNarrow = width < 500;
  wall.style.gridTemplateColumns = isNarrow ? "1fr" : `repeat(${columns}, minmax(0, 1fr))`;
  wall.style.maxWidth = isNarrow || best < 220 ? "" : `${Math.floor(best * columns + 12 * (columns - 1))}px`;
}

addEventListener("resize", arrange);
addEventListener("DOMContentLoaded", refresh);
