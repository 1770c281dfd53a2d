"use strict";

// Colours of classes, the same on all pages; other names get one of the palette by their letters.
const known = { person: 350, car: 210, truck: 28, bus: 130, bicycle: 280, motorcycle: 310, train: 175 };

function classColour(name) {
  let hue = known[name];
  if (hue === undefined) {
    hue = 0;
    for (const letter of name) hue = (hue * 31 + letter.codePointAt(0)) % 360;
  }
  return `hsl(${hue} 70% 50%)`;
}

function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function clock(time) {
  return new Date(time).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}
