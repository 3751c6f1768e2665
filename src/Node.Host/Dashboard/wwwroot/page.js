"use strict";

// Polls the node's status once a second and draws what it says. Everything is written as text, never as markup.
const period = 1000;
const longestHistory = 300;
const histories = new Map();
const units = { degreeCelsius: "°C", percent: "%", kilopascal: "kPa", lux: "lx", partsPerMillion: "ppm", volt: "V" };

const byId = id => document.getElementById(id);

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) { made.textContent = text; }
  if (className) { made.className = className; }
  return made;
}

function duration(seconds) {
  if (seconds === null) { return "–"; }
  const days = Math.floor(seconds / 86400), hours = Math.floor(seconds / 3600) % 24, minutes = Math.floor(seconds / 60) % 60;
  if (days > 0) { return `${days} d ${hours} h`; }
  if (hours > 0) { return `${hours} h ${minutes} min`; }
  return minutes > 0 ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
}

function counters(pairs) {
  byId("counters").replaceChildren(...pairs.flatMap(([name, value]) => [element("div")].map(pair => {
    pair.append(element("dt", name), element("dd", String(value)));
    return pair;
  })));
}

function showHub(status) {
  const up = status.hub.status === "authenticated";
  byId("hub").className = `card ${up ? "good" : "bad"}`;
  byId("hub-status").textContent = up ? "Connected" : "Not connected";
  byId("hub-detail").textContent =
    `${up ? "" : `${status.hub.reason}: ${status.hub.detail}. Readings are kept. `}Since ${new Date(status.hub.since).toLocaleString()}.`;
  const telemetry = status.telemetry;
  counters([
    ["Readings", telemetry.readings], ["Confirmed", telemetry.confirmed], ["In the spool", telemetry.pending],
    ["Oldest waits", duration(telemetry.oldestPendingSeconds)], ["Dropped", telemetry.dropped],
    ["Twin version", `${status.twin.desiredVersion} (answered ${status.twin.acknowledgedVersion})`], ["Methods answered", status.methods.answered],
  ]);
}

function remember(key, at, value) {
  const history = histories.get(key) ?? [];
  if (history.length === 0 || history[history.length - 1].at !== at) {
    history.push({ at, value });
    if (history.length > longestHistory) { history.shift(); }
  }
  histories.set(key, history);
  return history;
}

function chart(history) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  const values = history.map(point => point.value);
  const low = Math.min(...values), high = Math.max(...values), span = high - low || 1;
  drawing.setAttribute("viewBox", "0 0 100 30");
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", `${history.length} values from ${low} to ${high}`);
  const line = document.createElementNS(space, "polyline");
  const from = Date.parse(history[0].at), length = Date.parse(history[history.length - 1].at) - from || 1;
  line.setAttribute("points", history.map(point =>
    `${(100 * (Date.parse(point.at) - from) / length).toFixed(2)},${(high === low ? 15 : 29 - 28 * (point.value - low) / span).toFixed(2)}`).join(" "));
  drawing.append(line);
  const scale = element("div", undefined, "scale");
  scale.append(element("span", `${low} to ${high}`), element("span", `last ${duration(length / 1000)}`));
  return [drawing, scale];
}

function quantity(sensor, name) {
  const tile = element("div", undefined, "tile");
  const unit = units[sensor.units[name]] ?? sensor.units[name];
  tile.append(element("small", name), element("b", `${sensor.values[name]} ${unit}`));
  tile.append(...chart(remember(`${sensor.name}/${name}`, sensor.at, sensor.values[name])));
  return tile;
}

function showSensor(sensor) {
  const part = element("article", undefined, sensor.state === "ok" ? "good" : sensor.state === "degraded" || sensor.state === "failed" ? "bad" : "");
  const heading = element("p", undefined, "state");
  heading.append(element("span", undefined, "dot"), element("strong", sensor.name),
    ` ${sensor.chip}, ${sensor.enabled ? `every ${sensor.interval.replace("PT", "").toLowerCase()}` : "switched off"}, ${sensor.state}`);
  part.append(heading);
  if (sensor.fault) { part.append(element("p", sensor.fault, "fault")); }
  const tiles = element("div", undefined, "tiles");
  tiles.append(...Object.keys(sensor.values).map(name => quantity(sensor, name)));
  part.append(tiles);
  return part;
}

function showActuator(actuator) {
  const part = element("p", undefined, `state ${actuator.state === "on" ? "good" : ""}`);
  part.append(element("span", undefined, "dot"), element("strong", actuator.name), ` ${actuator.state ?? "not available"}`);
  return part;
}

function show(status) {
  const name = status.node.deviceId ?? "Sensor node";
  document.title = name;
  byId("device").textContent = name;
  byId("program").textContent = `Version ${status.node.version}, up ${duration(status.node.uptimeSeconds)}, boot ${status.node.bootId}`;
  showHub(status);
  byId("sensors").replaceChildren(...status.sensors.map(showSensor));
  byId("actuators").replaceChildren(...(status.actuators.length ? status.actuators.map(showActuator) : [element("p", "None configured.", "quiet")]));
}

async function poll() {
  try {
    const answer = await fetch("api/status", { cache: "no-store", signal: AbortSignal.timeout(5 * period) });
    show(await answer.json());
    byId("lost").hidden = true;
  } catch {
    byId("lost").hidden = false;
  }
  setTimeout(poll, period);
}

poll();
