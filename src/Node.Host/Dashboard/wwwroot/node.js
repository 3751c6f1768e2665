import { byId, write } from "./dom.js";
import { duration } from "./format.js";

const updates = {
  free: () => "updates may come", held: lock => `updates held up for ${duration(lock.heldSeconds)}`,
  expired: () => "updates held up no longer, though an actuator still works", refused: () => "the update lock cannot be had",
};

/** The place in the fleet, and whether an update may come; nothing on a machine that belongs to none. */
function fleetOf({ fleet, updateLock }) {
  const parts = fleet ? [
    fleet.name && `fleet ${fleet.name}`, fleet.release && `release ${fleet.release.slice(0, 7)}`, fleet.deviceName && `device ${fleet.deviceName}`,
    fleet.deviceUuid, fleet.deviceType, fleet.hostOs,
  ] : [];
  return [...parts, updates[updateLock.state]?.(updateLock)].filter(Boolean).join(" · ");
}

export function showNode(status) {
  const name = status.node.deviceId ?? "Sensor node";
  const title = `${name} – sensor node`;
  if (document.title !== title) { document.title = title; }
  write(byId("device"), name);
  const { now, isSynced, isPlausible } = status.clock;
  const clock = isSynced ? "clock right" : isPlausible ? "clock not confirmed yet" : "clock wrong";
  write(byId("program"),
    `${new Date(now).toLocaleString()}, ${clock} · up ${duration(status.node.uptimeSeconds)} · version ${status.node.version} · boot ${status.node.bootId} · data in ${status.page.dataFolder}`);
  const fleet = fleetOf(status);
  write(byId("fleet"), fleet);
  byId("fleet").hidden = !fleet;
}
