import { byId, element } from "./dom.js";
import { number } from "./format.js";

let shown = "";

/** What is wrong now, in one place, each with its reason. */
export function showFaults(status) {
  const faults = [
    ...status.sensors.filter(sensor => sensor.enabled && sensor.fault).map(sensor => `${sensor.name} (${sensor.state}): ${sensor.fault}`),
    ...status.actuators.filter(actuator => actuator.fault || actuator.disarmed).map(actuator => `${actuator.name}: ${actuator.fault ?? actuator.disarmed}`),
    ...status.alarms.filter(alarm => alarm.state === "raised").map(alarm =>
      `${alarm.sensor}: threshold ${alarm.threshold} is passed${alarm.value === null ? "" : `, at ${number(alarm.value)}`}${alarm.drive ? `; ${alarm.drive}` : ""}`),
    ...status.clock.isPlausible ? [] : ["The clock shows a time that cannot be; readings are dated when it is right."],
  ];
  const text = faults.join("\n");
  if (text !== shown) {
    shown = text;
    byId("fault-list").replaceChildren(...faults.map(fault => element("li", fault)));
    byId("faults").hidden = faults.length === 0;
  }
}
