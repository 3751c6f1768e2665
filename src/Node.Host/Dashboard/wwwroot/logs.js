import { byId, element, withChildren } from "./dom.js";
import { clock } from "./format.js";

const most = 500;
const kept = [];

const wanted = line => line.level <= Number(byId("log-level").value);

function entry(line) {
  const time = element("time", clock(line.at));
  time.dateTime = new Date(line.at * 1000).toISOString();
  return withChildren(element("li", undefined, `l${line.level}`), time, " ", element("span", line.category, "category"), ` ${line.text}`);
}

function follow() {
  const list = byId("log-lines");
  if (byId("log-follow").checked) { list.scrollTop = list.scrollHeight; }
}

function redraw() {
  byId("log-lines").replaceChildren(...kept.filter(wanted).map(entry));
  follow();
}

export function showLog(line) {
  kept.push(line);
  if (kept.length > most) { kept.shift(); }
  if (wanted(line)) {
    const list = byId("log-lines");
    list.append(entry(line));
    while (list.childElementCount > most) { list.firstElementChild.remove(); }
    follow();
  }
}

/** What was logged before this page listened, and in a gap. */
export async function loadLogs() {
  const answer = await fetch(`api/logs?tail=${most}`, { cache: "no-store" }).catch(() => null);
  if (answer?.ok) {
    kept.splice(0, kept.length, ...await answer.json());
    redraw();
  }
}

export function startLogs() {
  byId("log-level").addEventListener("change", redraw);
  byId("log-follow").addEventListener("change", follow);
}
