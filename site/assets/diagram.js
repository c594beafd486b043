// A state machine as inline SVG: its states in layers, from the first one down.

import { svg } from "./dom.js";

const BOX = { width: 168, height: 34 };
const GAP = { x: 24, y: 34 };
const CHARACTERS = 24;

/**
 * Draws a machine.
 * @param {{start: string, states: Object<string, {ends: boolean}>, ways: {from: string, to: string, error: boolean}[]}} machine
 * @param {string} label What a screen reader says in place of the picture.
 * @returns {SVGElement} Each state is a group with `data-name`.
 */
export function diagram(machine, label) {
  const places = place(layers(machine), machine.ways);
  const width = Math.max(...[...places.values()].map(({ x }) => x)) + BOX.width + 1;
  const height = Math.max(...[...places.values()].map(({ y }) => y)) + BOX.height + 1;
  const ways = machine.ways.map((way) => line(places.get(way.from), places.get(way.to), way.error));
  const states = Object.entries(machine.states).map(([name, state]) => box(name, state, places.get(name)));
  return svg("svg", { viewBox: `-1 -1 ${width + 1} ${height + 1}`, width, height, role: "img", "aria-label": label }, ways, states);
}

/** Puts each state one layer below the lowest of those that lead to it, ways back left out. */
function layers({ start, states, ways }) {
  const depth = new Map();
  const visit = (name, level, path) => {
    if (path.has(name) || (depth.get(name) ?? -1) >= level) return;
    depth.set(name, level);
    for (const way of ways) if (way.from === name) visit(way.to, level + 1, new Set([...path, name]));
  };
  visit(start, 0, new Set());
  const found = [];
  for (const name of Object.keys(states)) (found[depth.get(name) ?? 0] ??= []).push(name);
  return found.filter(Boolean);
}

/** Orders each layer by where the states above lie, which keeps the lines short. */
function place(found, ways) {
  const widest = Math.max(...found.map((layer) => layer.length));
  const places = new Map();
  found.forEach((layer, row) => {
    const above = (name) => {
      const sources = ways.filter((way) => way.to === name && places.has(way.from) && !way.error);
      return sources.length ? sources.reduce((sum, way) => sum + places.get(way.from).x, 0) / sources.length : Infinity;
    };
    const ordered = layer.toSorted((a, b) => above(a) - above(b) || 0);
    const indent = ((widest - layer.length) * (BOX.width + GAP.x)) / 2;
    ordered.forEach((name, column) => {
      places.set(name, { x: indent + column * (BOX.width + GAP.x), y: row * (BOX.height + GAP.y) });
    });
  });
  return places;
}

function line(from, to, error) {
  const [x1, y1, x2, y2] = [from.x + BOX.width / 2, from.y + BOX.height, to.x + BOX.width / 2, to.y];
  const bend = Math.max(GAP.y, Math.abs(y2 - y1) / 2);
  return svg("path", { class: error ? "way error" : "way", d: `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}` });
}

function box(name, { ends }, { x, y }) {
  const words = name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ");
  const short = words.length > CHARACTERS ? `${words.slice(0, CHARACTERS - 1)}\u2026` : words;
  return svg(
    "g",
    { class: ends ? "state end" : "state", "data-name": name },
    svg("title", {}, words),
    svg("rect", { x, y, width: BOX.width, height: BOX.height, rx: ends ? BOX.height / 2 : 6 }),
    svg("text", { x: x + BOX.width / 2, y: y + BOX.height / 2 }, short),
  );
}
