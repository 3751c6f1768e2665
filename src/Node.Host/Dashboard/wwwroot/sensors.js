import { byId, element, table, withChildren, write } from "./dom.js";
import { clock, duration, interval, number, unit, words } from "./format.js";
import { Chart, hasCharts } from "./chart.js";

// One card for each sensor, kept and changed in place; one curve for each quantity, its history fetched once and continued live.
const mostPoints = 4000;
const cards = new Map();
const curves = new Map();

const span = () => Number(byId("span").value);
const key = (sensor, quantity) => `${sensor}\n${quantity}`;

class Curve {
  columns = [[], [], []];
  #chart = null;

  constructor(name) {
    this.value = element("b", "–");
    this.quality = element("span", undefined, "quality");
    this.filtered = element("span", undefined, "filtered");
    this.raw = element(hasCharts ? "span" : "td", undefined, hasCharts ? "raw" : "number");
    this.range = element(hasCharts ? "span" : "td", undefined, hasCharts ? "" : "number");
    this.root = hasCharts ? this.#drawn(name) : withChildren(element("tr"), element("td", words(name)),
      withChildren(element("td", undefined, "number"), this.quality, " ", this.value), this.raw, this.range);
  }

  #drawn(name) {
    const plot = element("div", undefined, "plot");
    this.#chart = new Chart(plot, index => this.#legend(index));
    return withChildren(element("div", undefined, "quantity"),
      withChildren(element("div", undefined, "figures"), element("span", words(name), "name"), this.value, this.quality), plot,
      withChildren(element("div", undefined, "legend"), this.filtered, this.raw, this.range));
  }

  load(series) {
    const last = series.at.length ? series.at[series.at.length - 1] : 0;
    const later = this.columns[0].findIndex(at => at > last);
    const live = later < 0 ? [[], [], []] : this.columns.map(column => column.slice(later));
    this.columns = [series.at.concat(live[0]), series.raw.concat(live[1]), series.filtered.concat(live[2])];
    this.#draw();
  }

  add(state) {
    const held = state.value === null && state.quality === "good"; // Held back by a filter: the last one stands.
    this.latest = { ...state, value: held ? this.latest?.value ?? null : state.value, state: held ? this.latest?.state : state.state };
    this.digits = state.value === null ? this.digits : /\.(\d+)/.exec(state.state)?.[1].length ?? 0;
    const [at] = this.columns;
    if (at.length && state.at <= at[at.length - 1]) { return this.#figures(); }
    at.push(state.at);
    this.columns[1].push(state.raw);
    this.columns[2].push(state.value);
    this.#trim(state.at - span());
    this.#figures();
    this.#draw();
  }

  extremes() {
    const values = this.columns[2].concat(this.columns[1]).filter(value => value !== null);
    return values.length ? [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))] : [null, null];
  }

  #trim(from) {
    let old = Math.max(0, this.columns[0].length - mostPoints);
    while (this.columns[0][old] < from) { old++; }
    if (old > 0) { this.columns.forEach(column => column.splice(0, old)); }
  }

  #figures() {
    const { value, raw, state, unit: name, quality } = this.latest;
    write(this.value, value === null || this.digits > 3 ? `${number(value ?? raw)} ${unit(name)}`.trim() : state);
    write(this.quality, quality === "good" ? "" : words(quality));
    this.#legend(null);
  }

  #legend(index) {
    const [at, raw, filtered] = this.columns;
    const picked = index !== null && index !== undefined;
    const shown = value => value !== null && value !== undefined && this.digits <= 3 ? value.toFixed(this.digits) : number(value);
    const prefix = name => hasCharts ? `${name} ` : "";
    write(this.filtered, `${prefix("filtered")}${shown(picked ? filtered[index] : this.latest?.value)}`);
    write(this.raw, `${prefix("raw")}${number(picked ? raw[index] : this.latest?.raw)}`);
    const [low, high] = this.extremes();
    write(this.range, picked ? `at ${clock(at[index])}` : low === null ? "" : `${shown(low)} to ${shown(high)}`);
  }

  #draw() {
    if (this.#chart) { this.#chart.draw(this.columns); }
    else { this.#legend(null); }
  }
}

/** Curves are made as values of new quantities come. */
function curve(sensor, quantity) {
  const card = cards.get(sensor);
  let found = curves.get(key(sensor, quantity));
  if (!found && card) {
    found = new Curve(quantity);
    curves.set(key(sensor, quantity), found);
    card.body.append(found.root);
    card.root.dataset.wide = Math.min(3, card.body.childElementCount);
  }
  return found;
}

/** Where a sensor's quantities go: curves side by side, or the rows of a table. */
function places() {
  if (hasCharts) {
    const charts = element("div", undefined, "charts");
    return [charts, charts];
  }
  const made = table(["Quantity", "Value", "Raw", "Lowest to highest"], []);
  made.className = "values";
  return [made, made.tBodies[0]];
}

function card(sensor) {
  let found = cards.get(sensor.name);
  if (!found) {
    const [outer, body] = places();
    found = { root: element("article", undefined, "sensor"), about: element("span", undefined, "quiet"), fault: element("p", undefined, "fault"), body };
    found.root.append(withChildren(element("header"), withChildren(element("h3"), element("span", undefined, "dot"), sensor.name), found.about), found.fault, outer);
    cards.set(sensor.name, found);
    byId("sensors").append(found.root);
    load(sensor.name);
  }
  return found;
}

async function load(name) {
  const answer = await fetch(`api/history/${encodeURIComponent(name)}?seconds=${span()}`, { cache: "no-store" }).catch(() => null);
  if (answer?.ok) {
    const history = await answer.json();
    history.quantities.forEach(series => curve(name, series.quantity).load(series));
  }
}

/** A state event: a value of one quantity. */
export function showState(state) {
  if (state.sensor) { curve(state.sensor, state.quantity)?.add(state); }
}

export function showSensors(status) {
  byId("chart-note").hidden = hasCharts;
  for (const sensor of status.sensors) {
    const { root, about, fault } = card(sensor);
    root.className = `sensor ${!sensor.enabled ? "off" : sensor.state === "ok" ? "good" : sensor.state === "starting" ? "" : "bad"}`;
    const age = sensor.at ? (Date.parse(status.clock.now) - Date.parse(sensor.at)) / 1000 : null;
    const old = age !== null && age > 60 ? `, read ${duration(age)} ago` : "";
    write(about, `${sensor.chip}, ${!sensor.enabled ? "switched off" : sensor.cron ? `at ${sensor.cron}` : `every ${interval(sensor.interval)}`}, ${sensor.state}${old}${sensor.filteredOut ? `, ${sensor.filteredOut} held back by filters` : ""}`);
    write(fault, sensor.fault ?? "");
    fault.hidden = !sensor.fault;
  }
  if (status.sensors.length === 0 && !byId("sensors").hasChildNodes()) { byId("sensors").append(element("p", "No sensor is configured.", "quiet")); }
}

export function startSensors() {
  byId("span").addEventListener("change", () => {
    curves.forEach(one => { one.columns = [[], [], []]; });
    [...cards.keys()].forEach(load);
  });
}

/** After a gap in the events, the gap too is fetched. */
export const reloadHistory = () => [...cards.keys()].forEach(load);
