"use strict";

// Filters stand in the address; everything shown follows from it.
const form = document.getElementById("filters");
const list = document.querySelector("#list ol");
const more = document.getElementById("more");
const detail = document.getElementById("detail");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const hour = 3600000;
let objects = [];
let chosen = -1;
let next = null;
let search = 0;

const address = () => new URLSearchParams(location.search);

function dayText(date) {
  const pad = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

function dayOf(parameters) {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(parameters.get("day") || "");
  const today = new Date();
  return found ? new Date(+found[1], +found[2] - 1, +found[3])
    : new Date(today.getFullYear(), today.getMonth(), today.getDate());
}

function dayAfter(day, count) {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + count);
}

function go(changes, isStep = true) {
  const parameters = address();
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === "") parameters.delete(key); else parameters.set(key, value);
  }
  const text = parameters.toString();
  history[isStep ? "pushState" : "replaceState"](null, "", text ? "?" + text : location.pathname);
}

async function get(path, parameters) {
  const reply = await fetch(path + "?" + new URLSearchParams(parameters));
  if (!reply.ok) throw new Error(await reply.text());
  return reply.json();
}

function filters() {
  const parameters = address();
  const day = dayOf(parameters);
  let [after, before] = [day.getTime(), dayAfter(day, 1).getTime()];
  if (parameters.has("from")) {
    after = +parameters.get("from");
    before = after + hour;
  }
  const query = { after, before, tz: zone, limit: 60 };
  for (const key of ["camera", "class", "between", "starred", "reviewed"]) {
    if (parameters.get(key)) query[key] = parameters.get(key);
  }
  if (parameters.get("place")) query.zone = parameters.get("place");
  return query;
}

function report(text) {
  document.getElementById("summary").textContent = text;
}

async function load() {
  const turn = ++search;
  showForm();
  objects = [];
  chosen = -1;
  list.replaceChildren();
  detail.hidden = true;
  try {
    await Promise.all([page(turn), bars(turn)]);
  } catch (error) {
    report(error.message);
  }
}

async function page(turn, cursor) {
  const query = filters();
  if (cursor) query.cursor = cursor;
  let reply = await get("api/objects", query);
  // A page of a rare filter may be empty and still have a next one.
  while (reply.next && reply.objects.length === 0 && turn === search) {
    reply = await get("api/objects", { ...query, cursor: reply.next });
  }
  if (turn !== search) return;
  next = reply.next || null;
  more.hidden = next === null;
  for (const object of reply.objects) add(object);
  report(objects.length === 0 ? "nothing found" : `${objects.length}${next ? "+" : ""} objects`);
  const key = address().get("object");
  const index = objects.findIndex((object) => String(object.key) === key);
  if (index >= 0 && chosen < 0) choose(index, false);
}

function add(object) {
  const before = objects[objects.length - 1];
  const label = (time) => new Date(time).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }).slice(0, 2);
  if (!before || label(before.begin) !== label(object.begin)) {
    list.append(make("li", label(object.begin) + ":00", "separator"));
  }
  const item = make("li");
  const button = make("button", "", "card");
  button.type = "button";
  button.style.borderLeftColor = classColour(object.class);
  const image = make(object.thumbnail ? "img" : "span", "", "picture");
  if (object.thumbnail) {
    image.src = object.thumbnail;
    image.alt = "";
    image.loading = "lazy";
  }
  const words = make("span", "", "words");
  button.append(image, words);
  const index = objects.length;
  button.addEventListener("click", () => choose(index));
  item.append(button);
  list.append(item);
  objects.push(object);
  object.card = button;
  describe(object);
}

function describe(object) {
  const words = object.card.querySelector(".words");
  const seconds = object.end ? ` · ${((Date.parse(object.end) - Date.parse(object.begin)) / 1000).toFixed(1)}\u00a0s` : "";
  words.replaceChildren(make("b", (object.starred ? "★ " : "") + object.class), make("span", clock(object.begin) + seconds),
    make("small", [object.camera, ...object.places, object.note].filter((text) => text).join(" · ")));
  object.card.classList.toggle("seen", object.reviewed);
}

async function choose(index, isStep = true) {
  if (index < 0 || index >= objects.length) return;
  objects[chosen]?.card.removeAttribute("aria-current");
  chosen = index;
  const object = objects[index];
  object.card.setAttribute("aria-current", "true");
  object.card.scrollIntoView({ block: "nearest" });
  go({ object: object.key }, false);
  detail.hidden = false;
  showDetail(object);
  show(object);
  if (index > objects.length - 10 && next) page(search, next).catch((error) => report(error.message));
  const full = await get("api/objects/" + object.key, {}).catch(() => null);
  if (full === null || objects[chosen] !== object) return;
  detail.querySelector(".happenings").replaceChildren(...full.events.map((event) =>
    make("li", [clock(event.time), event.event, event.line || event.zone, event.direction].filter((text) => text).join(" "))));
}

function showDetail(object) {
  detail.querySelector("h2").textContent = `${object.class} ${object.id} at ${object.camera}`;
  detail.querySelector(".facts").textContent = `${new Date(object.begin).toLocaleString()} · score ${object.score.toFixed(2)}`
    + (object.dwell ? ` · ${object.dwell.toFixed(0)} s in a zone` : "");
  detail.querySelector("[data-key=s]").textContent = object.starred ? "★ starred" : "☆ star";
  detail.querySelector("[data-key=r]").textContent = object.reviewed ? "✓ seen" : "seen";
  detail.querySelector(".note input").value = object.note;
}

async function change(object, changes) {
  const reply = await fetch("api/objects/" + object.key, { method: "PATCH", body: JSON.stringify(changes) });
  if (!reply.ok) return report(await reply.text());
  Object.assign(object, changes);
  describe(object);
  if (objects[chosen] === object) showDetail(object);
}

async function remove(object) {
  if (!confirm(`Delete ${object.class} ${object.id} with its events and picture?`)) return;
  const reply = await fetch("api/objects/" + object.key, { method: "DELETE" });
  if (!reply.ok) return report(await reply.text());
  go({ object: null }, false);
  load();
}

function act(key) {
  const object = objects[chosen];
  if (key === "j") return choose(chosen + 1);
  if (key === "k") return choose(Math.max(chosen - 1, 0));
  if (!object) return;
  if (key === " ") playOrPause();
  if (key === "s") change(object, { starred: !object.starred });
  if (key === "r") change(object, { reviewed: !object.reviewed });
  if (key === "n") detail.querySelector(".note input").focus();
  if (key === "x") remove(object);
}

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) {
    if (event.key === "Escape" || event.key === "Enter") event.target.blur();
    return;
  }
  if (!"jksrnx ".includes(event.key)) return;
  event.preventDefault();
  act(event.key);
});
detail.querySelectorAll("[data-key]").forEach((button) => button.addEventListener("click", () => act(button.dataset.key)));
detail.querySelector(".note input").addEventListener("change", (event) => {
  if (objects[chosen]) change(objects[chosen], { note: event.target.value });
});
more.addEventListener("click", () => page(search, next).catch((error) => report(error.message)));
new IntersectionObserver((seen) => { if (seen[0].isIntersecting && !more.hidden) more.click(); }).observe(more);
