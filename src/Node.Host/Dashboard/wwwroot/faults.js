import { byId, element } from "./dom.js";
import { number, unit, words } from "./format.js";

let shown = "";

function alarmText(alarm, sensors) {
  const symbol = unit(sensors.find(sensor => sensor.name === alarm.sensor)?.units[alarm.quantity]);
  const value = alarm.value === null ? "" : ` at ${number(alarm.value)} ${symbol}`.trimEnd();
  const what = alarm.quantity ? `${words(alarm.quantity)}${value} is past ${number(alarm.limit)} ${symbol}`.trimEnd() : `alarm${value}`;
  return `${alarm.sensor}: ${what} (threshold ${alarm.threshold})${alarm.drive ? `; ${alarm.actuator ?? "actuator"} ${alarm.drive}` : ""}`;
}

/** What is wrong now, in one place, each with its reason. */
export function showFaults(status) {
  const faults = [
    ...status.sensors.filter(sensor => sensor.enabled && sensor.fault).map(sensor => `${sensor.name} (${sensor.state}): ${sensor.fault}`),
    ...status.actuators.filter(actuator => actuator.fault || actuator.disarmed).map(actuator => `${actuator.name}: ${actuator.fault ?? actuator.disarmed}`),
    ...status.alarms.filter(alarm => alarm.state === "raised").map(alarm => alarmText(alarm, status.sensors)),
    ...status.clock.isPlausible ? [] : ["The clock shows a time that cannot be; readings are dated when it is right."],
  ];
  const text = faults.join("\n");
  if (text !== shown) {
    shown = text;
    byId("fault-list").replaceChildren(...faults.map(fault => element("li", fault)));
    byId("faults").hidden = faults.length === 0;
  }
}
