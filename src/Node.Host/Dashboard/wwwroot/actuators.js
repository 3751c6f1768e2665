import { byId, element, table, withChildren, write } from "./dom.js";
import { duration, number } from "./format.js";

// Read-only until a token was entered. It stays in this tab's session and goes nowhere but to this node.
const place = "sensornode-token";
const token = () => sessionStorage.getItem(place);

let shown = "";
let refresh = () => {};

async function command(name, action) {
  const note = byId("command-note");
  note.className = "quiet";
  const answer = await fetch(`switch/${encodeURIComponent(name)}/${action}`, { method: "POST", credentials: "omit", headers: { Authorization: `Bearer ${token()}` } }).catch(() => null);
  const text = answer ? await answer.text() : "the node cannot be reached";
  if (answer?.status === 401) { forget(); }
  note.className = answer?.ok ? "quiet" : "fault";
  write(note, answer?.ok ? `${name} is ${text.toLowerCase()}.` : `${name} was not switched: ${text}`);
  refresh();
}

function button(actuator, text, action) {
  const made = element("button", text);
  made.type = "button";
  made.setAttribute("aria-label", `${text}: ${actuator.name}`);
  made.addEventListener("click", () => command(actuator.name, action));
  return made;
}

function buttons(actuator) {
  return withChildren(element("div", undefined, "buttons"), button(actuator, "On", "turn_on"), button(actuator, "Off", "turn_off"), button(actuator, "Toggle", "toggle"), button(actuator, "Pulse 1 s", "pulse?seconds=1"));
}

function row(actuator, allowed) {
  const state = withChildren(element("span", undefined, actuator.state === "on" ? "good" : "off"), element("span", undefined, "dot"),
    `${actuator.state ?? "not available"}${actuator.kind === "Pwm" && actuator.level > 0 ? ` at ${number(actuator.level)}` : ""}`);
  return {
    cells: [
      element("strong", actuator.name), state, actuator.failSafe > 0 ? "on" : "off", actuator.cause ?? "", actuator.lastCommandBy ?? "nobody",
      element("span", undefined, "age"), ...allowed ? [buttons(actuator)] : [],
    ],
  };
}

export function showActuators(status) {
  const allowed = Boolean(token()) && status.page.token;
  byId("token-form").hidden = !status.page.token || status.actuators.length === 0;
  byId("token").hidden = byId("token-use").hidden = allowed;
  document.querySelector("label[for=token]").hidden = allowed;
  byId("token-forget").hidden = !allowed;
  write(byId("token-note"), status.actuators.length === 0 ? "" : !status.page.token
    ? "Read-only: set Node:Http:Token to allow changes from here."
    : allowed ? "" : "Read-only until the token of Node:Http:Token is entered. It is kept until this tab is closed.");
  const key = JSON.stringify([allowed, status.actuators.map(({ lastCommandSeconds, onSeconds, leaseSeconds, ...rest }) => rest)]);
  if (key !== shown) {
    shown = key;
    byId("actuators").replaceChildren(status.actuators.length === 0 ? element("p", "No actuator is configured.", "quiet")
      : table(["Name", "State", "Fail-safe", "Cause", "Last command by", "When", ...allowed ? ["Switch"] : []], status.actuators.map(actuator => row(actuator, allowed))));
  }
  [...byId("actuators").querySelectorAll(".age")].forEach((age, index) => {
    const { lastCommandSeconds, leaseSeconds } = status.actuators[index];
    write(age, lastCommandSeconds === null ? "–" : `${duration(lastCommandSeconds)} ago${leaseSeconds === null ? "" : `, off in ${duration(leaseSeconds)}`}`);
  });
}

function forget() {
  sessionStorage.removeItem(place);
  byId("token").value = "";
  refresh();
}

export function startActuators(poll) {
  refresh = poll;
  byId("token-form").addEventListener("submit", submitted => {
    submitted.preventDefault();
    const entered = byId("token").value.trim();
    if (entered) { sessionStorage.setItem(place, entered); }
    byId("token").value = "";
    write(byId("command-note"), "");
    refresh();
  });
  byId("token-forget").addEventListener("click", forget);
}
