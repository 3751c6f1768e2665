import { byId, element, withChildren, write } from "./dom.js";
import { bytes, clock, duration, words } from "./format.js";

const window = 60;
const samples = [];

/** Messages a minute, from what the totals were up to a minute ago. */
function rates(status) {
  const now = status.node.uptimeSeconds;
  if (samples.length && (samples[samples.length - 1].boot !== status.node.bootId)) { samples.length = 0; }
  samples.push({ boot: status.node.bootId, at: now, appended: status.spool.appended, confirmed: status.spool.confirmed });
  while (now - samples[0].at > window) { samples.shift(); }
  const first = samples[0], length = now - first.at;
  const rate = name => length < 5 ? "…" : `${((status.spool[name] - first[name]) * 60 / length).toFixed(1)} a minute`;
  return [rate("appended"), rate("confirmed")];
}

const known = new Map();

function counters(pairs) {
  for (const [name, value] of pairs) {
    if (!known.has(name)) {
      const figure = element("dd");
      known.set(name, figure);
      byId("counters").append(withChildren(element("div"), element("dt", name), figure));
    }
    write(known.get(name), String(value));
  }
}

/** Whether readings may go out now, and what the link has cost. */
function upload({ state, nextOpening, bytesToday, dailyBytes, megabytesPerMonth }) {
  const until = nextOpening ? ` until ${clock(Date.parse(nextOpening) / 1000, false)}` : "";
  return [
    ["Upload", state === "windowClosed" ? `waits${until}` : state === "budgetSpent" ? "the day's bytes are spent" : "open"],
    ["Sent today", dailyBytes ? `${bytes(bytesToday)} of ${bytes(dailyBytes)}` : bytes(bytesToday)],
    ["A month comes to", megabytesPerMonth === null ? "…" : `${megabytesPerMonth} MB`],
  ];
}

export function showHub(status) {
  const { hub, telemetry, spool } = status;
  const up = hub.status === "authenticated";
  byId("hub").className = `card ${up ? "good" : hub.reason === "NotConfigured" ? "off" : "bad"}`;
  write(byId("hub-status"), up ? "Connected" : "Not connected");
  write(byId("hub-detail"), `${up ? "" : `${words(hub.reason)}: ${hub.detail.replace(/\.$/, "")}. Readings are kept. `}Since ${new Date(hub.since).toLocaleString()}`);
  const [stored, confirmed] = rates(status);
  counters([
    ["In the spool", spool.depth], ["Oldest waits", duration(telemetry.oldestPendingSeconds)],
    ["Spool size", `${bytes(spool.bytes)} of ${bytes(spool.capacityBytes)}`], ["Stored", stored], ["Confirmed", confirmed], ["Dropped", telemetry.dropped],
    ["Readings", telemetry.readings], ["Methods answered", status.methods.answered],
    ...upload(status.upload),
  ]);
  const causes = [["full spool", spool.droppedByCapacity], ["age", spool.droppedByAge], ["thinning", spool.droppedByThinning], ["purged by hand", spool.purged], ["damaged file", spool.lostByCorruption]]
    .filter(([, count]) => count > 0).map(([cause, count]) => `${cause} ${count}`);
  write(byId("drops"), causes.length ? `Dropped over the life of the spool: ${causes.join(", ")}.` : "");
}
