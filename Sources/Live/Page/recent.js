"use strict";

// The newest events, with a separator for each day.
function showEvents(events) {
  document.getElementById("no-events").hidden = events.length > 0;
  const list = document.getElementById("events");
  const shown = events.slice(0, 60);
  const key = shown.map((event) => event.camera + event.id + event.event + event.time + event.thumbnail).join();
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  const items = [];
  shown.forEach((event, index) => {
    const day = dayName(event.time);
    if (index === 0 || day !== dayName(shown[index - 1].time)) items.push(make("li", day, "separator"));
    items.push(eventItem(event));
  });
  list.replaceChildren(...items);
}

function dayName(time) {
  const [day, today] = [new Date(time), new Date()];
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (day.toDateString() === today.toDateString()) return "Today";
  if (day.toDateString() === yesterday.toDateString()) return "Yesterday";
  return day.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
}

function eventItem(event) {
  const item = make("li");
  item.style.borderLeftColor = classColour(event.class);
  const source = event.snapshot ? "snapshots/" + encodeURIComponent(event.snapshot) : event.thumbnail;
  if (source) {
    const image = make("img");
    image.src = source;
    image.alt = `${event.class} at ${event.camera}`;
    image.loading = "lazy";
    item.append(image);
  } else {
    item.append(make("span", event.class[0], "placeholder"));
  }
  const lasted = event.event === "end" ? ` after ${event.seconds.toFixed(1)} s` : "";
  const place = event.line ? ` ${event.line}, ${event.direction}` : event.zone ? " " + event.zone : "";
  const words = make("div", `${event.class} ${event.id}: ${event.event}${place}${lasted}`);
  const small = make("small", `${event.camera}, ${clock(event.time)} `);
  if (event.clip) small.append(linkToClip(event.clip, "clip"));
  words.append(small);
  item.append(words);
  return item;
}
