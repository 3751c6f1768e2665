import { byId, write } from "./dom.js";
import { duration } from "./format.js";

export function showNode(status) {
  const name = status.node.deviceId ?? "Sensor node";
  const title = `${name} – sensor node`;
  if (document.title !== title) { document.title = title; }
  write(byId("device"), name);
  const { now, isSynced, isPlausible } = status.clock;
  const clock = isSynced ? "clock right" : isPlausible ? "clock not confirmed yet" : "clock wrong";
  write(byId("program"),
    `${new Date(now).toLocaleString()}, ${clock} · up ${duration(status.node.uptimeSeconds)} · version ${status.node.version} · boot ${status.node.bootId} · data in ${status.page.dataFolder}`);
}
