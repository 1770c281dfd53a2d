"use strict";

// Days and hours of the review page, as bars of objects by class, and the form of filters.
async function bars(turn) {
  const day = dayOf(address());
  const camera = address().get("camera");
  const common = { tz: zone, ...(camera ? { camera } : {}) };
  const [days, hours] = await Promise.all([
    get("api/summary", { ...common, after: dayAfter(day, -10).getTime(), before: dayAfter(day, 4).getTime(), by: "day" }),
    get("api/summary", { ...common, after: day.getTime(), before: dayAfter(day, 1).getTime(), by: "hour" }),
  ]);
  if (turn !== search) return;
  showBars("days", days, Array.from({ length: 14 }, (_, index) => dayAfter(day, index - 10)),
    (date) => date.toLocaleDateString([], { weekday: "short", day: "numeric" }),
    (date) => date.getTime() === day.getTime(), (date) => ({ day: dayText(date), from: null, object: null }));
  const from = +address().get("from");
  const count = Math.round((dayAfter(day, 1) - day) / hour);
  showBars("hours", hours, Array.from({ length: count }, (_, index) => new Date(day.getTime() + index * hour)),
    (date) => String(date.getHours()), (date) => date.getTime() === from,
    (date) => ({ from: date.getTime() === from ? null : date.getTime(), object: null }));
}

function showBars(id, rows, dates, label, isChosen, change) {
  const byTime = new Map();
  for (const row of rows) {
    const time = Date.parse(row.time);
    if (!byTime.has(time)) byTime.set(time, new Map());
    const classes = byTime.get(time);
    classes.set(row.class, (classes.get(row.class) || 0) + row.objects);
  }
  const total = (classes) => [...(classes || new Map()).values()].reduce((sum, count) => sum + count, 0);
  const largest = Math.max(1, ...[...byTime.values()].map(total));
  document.getElementById(id).replaceChildren(...dates.map((date) => {
    const classes = byTime.get(date.getTime()) || new Map();
    const button = make("button");
    button.type = "button";
    button.title = `${label(date)}: ${[...classes].map(([name, count]) => `${count} ${name}`).join(", ") || "nothing"}`;
    button.setAttribute("aria-label", button.title);
    button.setAttribute("aria-pressed", String(isChosen(date)));
    const stack = make("span", "", "stack");
    for (const [name, count] of [...classes].sort()) {
      const part = make("span");
      part.style.height = `${100 * count / largest}%`;
      part.style.background = classColour(name);
      stack.append(part);
    }
    button.append(stack, make("span", label(date), "label"));
    button.addEventListener("click", () => { go(change(date)); load(); });
    return button;
  }));
}

function showForm() {
  const parameters = address();
  form.day.value = dayText(dayOf(parameters));
  for (const key of ["camera", "class", "place", "between"]) form[key].value = parameters.get(key) || "";
  for (const key of ["starred", "reviewed"]) form[key].checked = parameters.has(key);
}

async function fillForm() {
  const names = await get("api/names", {});
  for (const [key, values] of [["camera", names.cameras], ["class", names.classes], ["place", names.places]]) {
    const wanted = address().get(key);
    for (const name of new Set([...values, ...(wanted ? [wanted] : [])])) form[key].append(new Option(name, name));
  }
}

form.addEventListener("change", (event) => {
  const { name, type, checked, value } = event.target;
  go({ [name]: type === "checkbox" ? (checked ? value : null) : value, object: null, ...(name === "day" ? { from: null } : {}) });
  load();
});
form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("earlier").addEventListener("click", () => step(-1));
document.getElementById("later").addEventListener("click", () => step(1));

function step(count) {
  go({ day: dayText(dayAfter(dayOf(address()), count)), from: null, object: null });
  load();
}

window.addEventListener("popstate", load);
fillForm().then(load).catch((error) => report(error.message));
