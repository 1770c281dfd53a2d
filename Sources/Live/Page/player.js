"use strict";

// Plays a recording with the boxes of the results beside it, each at the time of the frame that is shown.
const player = { object: null, frames: [], request: 0 };
const screen_ = document.getElementById("screen");
const video = screen_.querySelector("video");
const still = screen_.querySelector("img");
const canvas = screen_.querySelector("canvas");

async function show(object) {
  const request = ++player.request;
  player.object = object;
  player.frames = [];
  video.pause();
  video.removeAttribute("src");
  video.load();
  showStill(object);
  const found = await recordingOf(object);
  if (request !== player.request) return;
  if (found === null) return explain("No finished recording of this moment.");
  explain("");
  video.onloadedmetadata = () => {
    // The newest recording before the moment may have ended before it.
    if (found.offset < video.duration + 1) return;
    explain("No finished recording of this moment.");
    showStill(object);
  };
  video.src = found.video;
  video.currentTime = Math.max(0, found.offset - 1);
  showVideo(true);
  if (found.results) player.frames = await framesOf(found.results);
  if (request === player.request) drawAt(video.currentTime);
}

function explain(text) {
  document.getElementById("explanation").textContent = text;
}

function showVideo(isVideo) {
  video.hidden = !isVideo;
  still.hidden = isVideo;
}

function showStill(object) {
  showVideo(false);
  still.alt = `${object.class} at ${object.camera}`;
  still.onload = () => drawBoxes([{ id: object.id, class: object.class, box: object.box }], object.width, object.height);
  if (object.thumbnail) still.src = object.thumbnail; else still.removeAttribute("src");
}

async function recordingOf(object) {
  if (object.clip) return { video: "recordings/" + object.clip, results: `recordings/${object.clip}.ndjson`, offset: 5 };
  const reply = await fetch(`api/recording?camera=${object.camera}&at=${Date.parse(object.begin)}`);
  return reply.ok ? reply.json() : null;
}

async function framesOf(address) {
  const reply = await fetch(address);
  if (!reply.ok) return [];
  const frames = [];
  for (const line of (await reply.text()).split("\n")) {
    try {
      const frame = JSON.parse(line);
      if (frame.objects) frames.push(frame);
    } catch (error) { /* The last line of a file that was cut off. */ }
  }
  return frames;
}

// The last frame of the results that is not later than a time.
function frameAt(frames, time) {
  let [low, high] = [0, frames.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (frames[middle].time <= time + 0.001) low = middle + 1; else high = middle;
  }
  return frames[low - 1];
}

function drawAt(time) {
  if (video.hidden) return;
  const frame = frameAt(player.frames, time);
  // After a gap in the results nothing is known.
  const objects = frame && time - frame.time < 0.5 ? frame.objects : [];
  // Boxes are in pixels of the watched video; the recording may be the camera's larger one.
  drawBoxes(objects, player.object?.width || video.videoWidth, player.object?.height || video.videoHeight);
}

function drawBoxes(objects, width, height) {
  canvas.width = width || 16;
  canvas.height = height || 9;
  const context = canvas.getContext("2d");
  const unit = canvas.width / 320;
  context.font = `${12 * unit}px system-ui`;
  for (const object of objects) {
    const isChosen = player.object !== null && object.id === player.object.id;
    const [left, top, boxWidth, boxHeight] = object.box;
    context.strokeStyle = context.fillStyle = classColour(object.class);
    context.lineWidth = (isChosen ? 2.5 : 1) * unit;
    context.strokeRect(left, top, boxWidth, boxHeight);
    if (isChosen) context.fillText(`${object.class} ${object.id}`, left, Math.max(top - 3 * unit, 12 * unit));
  }
}

function follow(now, facts) {
  drawAt(facts.mediaTime);
  video.requestVideoFrameCallback(follow);
}

video.requestVideoFrameCallback(follow);
video.addEventListener("error", () => {
  if (video.hasAttribute("src") && player.object !== null) {
    explain("This browser cannot play the recording.");
    showStill(player.object);
  }
});

function playOrPause() {
  if (video.hidden) return;
  if (video.paused) video.play().catch(() => explain("The recording cannot be played.")); else video.pause();
}
