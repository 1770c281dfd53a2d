"use strict";

// Pictures are asked for one by one, so that a page of many cameras never holds more connections than a browser grants.
const tiles = new Map();
const pause = 120;

function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

function makeTile(camera) {
  const tile = document.getElementById("camera").content.firstElementChild.cloneNode(true);
  const image = tile.querySelector("img");
  image.alt = "Picture of " + camera.name;
  tile.querySelector(".picture").addEventListener("click", () => enlarge(camera.name));
  tile.querySelector(".clip").addEventListener("click", (event) => askForClip(camera.name, event.target));
  document.getElementById("cameras").append(tile);
  const entry = { tile, image, camera, visible: true };
  new IntersectionObserver((seen) => { entry.visible = seen[seen.length - 1].isIntersecting; }).observe(tile);
  tiles.set(camera.name, entry);
  followPictures(entry);
}

async function followPictures(entry) {
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
  if (seconds === undefined) return "no picture yet";
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
  text(tile.querySelector(".veil"), isUp ? "" : camera.reason || "connecting…");
  text(tile.querySelector(".numbers"), isUp
    ? `${camera.framesPerSecond.toFixed(1)} frames/s · ${camera.looksPerSecond.toFixed(1)} looks/s · `
      + `${age(camera.ageSeconds)} · ${camera.objects} objects`
    : camera.ageSeconds === undefined ? "" : "last picture " + age(camera.ageSeconds));
  showRecording(tile.querySelector(".recording"), camera);
  showDetails(tile.querySelector("dl"), camera);
}

function showRecording(line, camera) {
  const { state, isFull, isBehind, delaySeconds, reason, clip } = camera.recording;
  line.hidden = state === "off";
  line.classList.toggle("recording-on", state === "recording");
  line.classList.toggle("stopped", state === "stopped" || isBehind);
  const words = {
    recording: isBehind ? `recording is ${Math.round(delaySeconds)} s behind: the disk is slow or hangs`
      : clip ? "recording, with a clip" : "recording",
    waiting: "recording waits" + (reason && reason !== camera.reason ? ": " + reason : ""),
    stopped: isFull ? "not recording: the disk is full" : "not recording: " + reason,
  };
  text(line.querySelector(".words"), words[state] || "");
}

async function askForClip(name, button) {
  button.disabled = true;
  try {
    const reply = await fetch("api/cameras/" + name + "/clip", { method: "POST" });
    text(button, reply.ok ? "clip is kept" : await reply.text());
    if (reply.ok) {
      button.parentElement.querySelector("a")?.remove();
      button.before(linkToClip((await reply.json()).clip, "the last clip"));
    }
  } catch (error) {
    text(button, "no answer");
  }
  await sleep(3000);
  text(button, "keep a clip");
  button.disabled = false;
}

function showDetails(list, camera) {
  const dropped = Object.entries(camera.dropped).map(([reason, count]) => `${count} ${reason}`).join(", ");
  const rows = [
    ["source", camera.source],
    ["picture", camera.width ? `${camera.width}×${camera.height} ${camera.codec}` : "–"],
    ["connections", `${camera.connections} made, ${camera.losses} lost`],
    ["frames", `${camera.decoded} decoded = ${camera.detected} detected + ${camera.tracked} tracked + dropped`],
    ["dropped", dropped || "0"],
    ["passed over", String(camera.superseded)],
    ["damaged", `${camera.damaged}, ${camera.lostPackets} packets lost on the way`],
    ["not decoded", String(camera.notDecoded)],
    ["stamps repaired", `${camera.repairedTimestamps}, ${camera.clockJumps} leaps`],
    ["recorded", `${(camera.recording.bytes / 1e6).toFixed(1)} MB in ${camera.recording.files} files, `
      + `${camera.recording.clips} of them clips; ${camera.recording.lost} left out`],
  ];
  rows.forEach(([name, value], index) => {
    if (!list.children[2 * index]) list.append(document.createElement("dt"), document.createElement("dd"));
    text(list.children[2 * index], name);
    text(list.children[2 * index + 1], value);
  });
}

function showEvents(events) {
  document.getElementById("no-events").hidden = events.length > 0;
  const list = document.getElementById("events");
  const shown = events.slice(0, 24);
  const key = shown.map((event) => event.camera + event.id + event.event).join();
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...shown.map((event) => {
    const item = document.createElement("li");
    if (event.snapshot) {
      const image = document.createElement("img");
      image.src = "snapshots/" + encodeURIComponent(event.snapshot);
      image.alt = event.className + " at " + event.camera;
      image.loading = "lazy";
      item.append(image);
    }
    const words = document.createElement("div");
    const small = document.createElement("small");
    const lasted = event.event === "end" ? ` after ${event.seconds.toFixed(1)} s` : "";
    words.append(`${event.className} ${event.id}: ${event.event}${lasted}`, small);
    small.textContent = `${event.camera}, ${new Date(event.time).toLocaleTimeString()} `;
    if (event.clip) small.append(linkToClip(event.clip, "clip"));
    item.append(words);
    return item;
  }));
}

function linkToClip(clip, words) {
  const link = document.createElement("a");
  link.href = "recordings/" + clip;
  link.target = "_blank";
  link.textContent = words;
  return link;
}

let enlarged = null;

function enlarge(name) {
  const dialog = document.getElementById("large");
  const image = dialog.querySelector("img");
  enlarged = { name, image, isUp: false };
  // Cut or refused, it is asked for anew; the end of a stream that has shown pictures is told by no event.
  image.onerror = () => { if (enlarged !== null && enlarged.image.hasAttribute("src")) enlarged.isUp = false; };
  image.alt = "Picture of " + name;
  dialog.querySelector("button").onclick = () => dialog.close();
  dialog.onclose = () => {
    enlarged = null;
    image.removeAttribute("src");
  };
  dialog.showModal();
  follow(tiles.get(name).camera);
}

// The endless stream of a camera ends when it falls silent, and is asked for anew when it is back.
function follow(camera) {
  if (enlarged === null || enlarged.name !== camera.name) return;
  const isUp = camera.state === "watching" && camera.ageSeconds < 10;
  if (isUp && !enlarged.isUp) enlarged.image.src = `cameras/${camera.name}.mjpeg?${Date.now()}`;
  enlarged.isUp = isUp;
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
      text(document.getElementById("summary"), `${up} of ${cameras.length} cameras show pictures`);
    } catch (error) {
      text(document.getElementById("summary"), "no answer from the program; trying again…");
      tiles.forEach(({ tile }) => text(tile.querySelector(".veil"), "no answer from the program"));
    }
    await sleep(1000);
  }
}

refresh();
