import { byId, element, table, withChildren } from "./dom.js";

const hex = number => number.toString(16).padStart(2, "0");

function grid(bus) {
  const at = new Map(bus.chips.map(chip => [chip.address, chip]));
  const head = withChildren(element("tr"), element("th"), ...Array.from({ length: 16 }, (_, low) => element("th", low.toString(16))));
  const rows = Array.from({ length: 8 }, (_, high) => withChildren(element("tr"), element("th", hex(high * 16)), ...Array.from({ length: 16 }, (_, low) => {
    const address = high * 16 + low, chip = at.get(address);
    return element("td", chip ? hex(address) : address < 3 || address > 0x77 ? "" : "··", chip?.state);
  })));
  return withChildren(element("table", undefined, "grid"), withChildren(element("thead"), head), withChildren(element("tbody"), ...rows));
}

const states = { ok: "its sensor reads it", fault: "its sensor is at fault", configured: "configured", answers: "answers, not configured" };

function show(report) {
  byId("grids").replaceChildren(...report.buses.flatMap(bus => [
    element("h3", `I2C bus ${bus.bus} (${report.provider})`), ...bus.problem ? [element("p", bus.problem, "fault")] : [], withChildren(element("div", undefined, "scroll"), grid(bus)),
    withChildren(element("div", undefined, "scroll"), table(["Address", "Chip", "Sensor", "State"], bus.chips.map(chip => ({
      cells: [`0x${hex(chip.address)}${chip.mux ? ` behind ${chip.mux}` : ""}`, chip.chip ?? "unknown", chip.sensor ?? "", states[chip.state]],
    })))),
  ]));
  if (report.buses.length === 0) { byId("grids").append(element("p", "There is no I2C bus.", "quiet")); }
}

async function scan() {
  byId("scan").disabled = true;
  const answer = await fetch("api/scan", { method: "POST" }).catch(() => null);
  byId("scan").disabled = false;
  if (answer?.ok) { show(await answer.json()); }
  else { byId("grids").replaceChildren(element("p", "The buses could not be looked at.", "fault")); }
}

let shown = "";

export function showBuses(status) {
  const text = JSON.stringify(status.buses);
  if (!byId("buses").open || text === shown) { return; }
  shown = text;
  byId("bus-load").replaceChildren(status.buses.length === 0 ? element("p", "No transfer yet.", "quiet")
    : table(["Bus", "Device", "Busy", "Transfers", "Failures"], status.buses.map(load => ({
      cells: [load.bus, load.device ?? "all", `${load.percent.toFixed(2)} % (${load.millisecondsPerSecond.toFixed(1)} ms/s)`, String(load.transfers), String(load.failures)],
    }))));
}

export const startBuses = () => byId("scan").addEventListener("click", scan);
