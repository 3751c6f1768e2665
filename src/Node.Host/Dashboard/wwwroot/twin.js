import { byId, element, withChildren, write } from "./dom.js";
import { shown } from "./format.js";

// What the hub asks, what the node reports and how it answered, property by property.
const isComponent = value => value !== null && typeof value === "object" && value.__t === "c";
const isAnswer = value => value !== null && typeof value === "object" && "ac" in value && "av" in value;
const equal = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function rows(desired, reported, held) {
  const names = [...new Set([...Object.keys(desired), ...Object.keys(reported)])].filter(name => !name.startsWith("$") && name !== "__t");
  return names.filter(name => !isComponent(reported[name]) && !isComponent(desired[name])).map(name => {
    const value = reported[name];
    const answer = isAnswer(value);
    const stored = value === undefined ? "" : held && equal(held[name], value) ? "stored" : "on its way";
    return {
      refused: answer && value.ac >= 400,
      cells: [name, shown(desired[name]), shown(answer ? value.value : value), answer ? `${value.ac}, version ${value.av}` : "", answer ? value.ad : "", stored],
    };
  });
}

const headings = ["Property", "Desired", "Reported", "Answer", "Why", "At the hub"];

function cell(text, index) {
  const made = element("td", text);
  made.dataset.label = headings[index];
  return made;
}

function body(title, list) {
  const made = element("tbody");
  if (title) {
    const heading = element("th", title, "part");
    heading.colSpan = headings.length;
    heading.scope = "rowgroup";
    made.append(withChildren(element("tr"), heading));
  }
  made.append(...list.map(row => withChildren(element("tr", undefined, row.refused ? "refused" : ""), ...row.cells.map(cell))));
  return made;
}

function show(twin) {
  const desired = twin.desired ?? {}, reported = twin.reported ?? {}, held = twin.held;
  const parts = [...new Set([...Object.keys(reported), ...Object.keys(desired)])].filter(name => isComponent(reported[name]) || isComponent(desired[name]));
  const head = withChildren(element("thead"), withChildren(element("tr"),
    ...headings.map(text => element("th", text))));
  byId("twin-table").replaceChildren(withChildren(element("table"), head, body("", rows(desired, reported, held)),
    ...parts.map(name => body(name, rows(desired[name] ?? {}, reported[name] ?? {}, held?.[name])))));
}

let last = "";

async function load() {
  const answer = await fetch("api/twin", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) {
    const text = await answer.text();
    if (text !== last) {
      last = text;
      show(JSON.parse(text));
    }
  }
}

export function showTwin(status) {
  write(byId("twin-versions"), `desired version ${status.twin.desiredVersion}, answered ${status.twin.acknowledgedVersion}`);
  if (byId("twin").open) { load(); }
}

export const startTwin = () => byId("twin").addEventListener("toggle", () => byId("twin").open && load());
