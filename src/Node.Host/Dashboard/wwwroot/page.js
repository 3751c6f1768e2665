import { byId } from "./dom.js";
import { showActuators, startActuators } from "./actuators.js";
import { showBuses, startBuses } from "./buses.js";
import { showFaults } from "./faults.js";
import { showHub } from "./hub.js";
import { loadLogs, showLog, startLogs } from "./logs.js";
import { showNode } from "./node.js";
import { reloadHistory, showSensors, showState, startSensors } from "./sensors.js";
import { startSettings } from "./settings.js";
import { showTwin, startTwin } from "./twin.js";

// Values and log lines come as events; what changes slowly is asked for every two seconds, while the page can be seen.
const period = 2000;
let due = 0;

function show(status) {
  showNode(status);
  showHub(status);
  showFaults(status);
  showSensors(status);
  showActuators(status);
  showTwin(status);
  showBuses(status);
}

async function poll() {
  clearTimeout(due);
  if (!document.hidden) {
    try {
      const answer = await fetch("api/status", { cache: "no-store", signal: AbortSignal.timeout(5 * period) });
      show(await answer.json());
      byId("lost").hidden = true;
    } catch {
      byId("lost").hidden = false;
    }
  }
  clearTimeout(due);
  due = setTimeout(poll, period);
}

function listen() {
  const events = new EventSource("events");
  let opened = false;
  events.addEventListener("open", () => {
    if (opened) { reloadHistory(); }
    loadLogs();
    opened = true;
  });
  events.addEventListener("state", event => showState(JSON.parse(event.data)));
  events.addEventListener("log", event => showLog(JSON.parse(event.data)));
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) { setTimeout(listen, 5 * period); }
  });
}

startSensors();
startActuators(poll);
startTwin();
startLogs();
startBuses();
startSettings();
document.addEventListener("visibilitychange", () => document.hidden || poll());
await poll();
listen();
