// A quantity's curve, raw beside filtered, drawn by uPlot where the program was built with it.
import { clock } from "./format.js";

const height = 144;

export const hasCharts = typeof uPlot !== "undefined";

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** light-dark() reaches a canvas only through an element that wears it. */
function resolved(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found || colour(name);
}

function options(width) {
  const axis = { stroke: resolved("--quiet"), grid: { stroke: resolved("--rule"), width: 1 }, ticks: { show: false }, font: "11px system-ui, sans-serif" };
  return {
    width, height, legend: { show: false }, padding: [6, 4, 0, 0],
    cursor: { y: false, points: { size: 6 } },
    scales: { x: { time: true, range: (_, first, last) => since(first, last) }, y: { range: (_, low, high) => spread(low, high) } },
    axes: [{ ...axis, size: 24, space: 80, values: (_, ticks) => ticks.map(tick => clock(tick, ticks[ticks.length - 1] - ticks[0] < 300)) }, { ...axis, size: 52, space: 28 }],
    series: [
      {},
      { label: "raw", stroke: resolved("--raw"), width: 1, points: { show: false }, spanGaps: true, gaps },
      { label: "filtered", stroke: resolved("--line"), width: 1.75, points: { show: false }, spanGaps: true, gaps },
    ],
  };
}

/** Values held back by a filter are bridged; a time without any reading, five usual distances and three minutes long, is left open. */
function gaps(plot, series, first, last) {
  const at = plot.data[0];
  const distances = at.slice(first, last + 1).map((time, index) => time - (at[first + index - 1] ?? time)).sort((one, other) => one - other);
  const longest = Math.max(180, 5 * (distances[distances.length >> 1] ?? 0));
  const found = [];
  for (let index = first + 1; index <= last; index++) {
    if (at[index] - at[index - 1] > longest) { found.push([plot.valToPos(at[index - 1], "x", true), plot.valToPos(at[index], "x", true)]); }
  }
  return found;
}

/** A curve that has just begun gets a minute of room. */
function since(first, last) {
  const end = last ?? Date.now() / 1000;
  return [Math.min(first ?? end, end - 60), end];
}

/** A flat curve gets room around it. */
function spread(low, high) {
  if (low === null || high === null) { return [0, 1]; }
  const room = (high - low) * 0.08 || Math.abs(high) * 0.01 || 1;
  return [low - room, high + room];
}

export class Chart {
  #plot = null;
  #place;
  #told;

  constructor(place, told) {
    this.#place = place;
    this.#told = told;
    new ResizeObserver(() => this.#resize()).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#redraw());
  }

  /** Columns: seconds, raw, filtered. */
  draw(columns) {
    if (!this.#plot) { this.#make(columns); }
    else { this.#plot.setData(columns); }
  }

  #make(columns) {
    const width = Math.floor(this.#place.clientWidth);
    if (width > 0) {
      this.#plot = new uPlot({ ...options(width), hooks: { setLegend: [plot => this.#told(plot.cursor.idx)] } }, columns, this.#place);
    }
  }

  #resize() {
    const width = Math.floor(this.#place.clientWidth);
    if (this.#plot && width > 0 && width !== this.#plot.width) { this.#plot.setSize({ width, height }); }
  }

  #redraw() {
    if (this.#plot) {
      const columns = this.#plot.data;
      this.#plot.destroy();
      this.#plot = null;
      this.#make(columns);
    }
  }
}
