import { byId, table } from "./dom.js";

let settings = [];

function redraw() {
  const part = byId("settings-filter").value.trim().toLowerCase();
  const rows = settings.filter(setting => `${setting.key} ${setting.value} ${setting.source}`.toLowerCase().includes(part));
  byId("settings-table").replaceChildren(table(["Setting", "Value", "Source", "Over"], rows.map(setting => ({
    cells: [setting.key, setting.value, setting.source, setting.over.join("; ")],
  }))));
}

async function load() {
  const answer = await fetch("api/config", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) {
    settings = await answer.json();
    redraw();
  }
}

export function startSettings() {
  byId("settings").addEventListener("toggle", () => byId("settings").open && load());
  byId("settings-filter").addEventListener("input", redraw);
}
