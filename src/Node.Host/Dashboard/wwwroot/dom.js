// Everything is written as text, never as markup: names and reasons come from elsewhere.
export const byId = id => document.getElementById(id);

export function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined && text !== null) { made.textContent = text; }
  if (className) { made.className = className; }
  return made;
}

export function withChildren(parent, ...children) {
  parent.append(...children);
  return parent;
}

/** Writes a text only when it has changed, so that a selection and a screen reader are left alone. */
export function write(node, text) {
  if (node.textContent !== text) { node.textContent = text; }
}

/** A table with a heading row; cells are texts or nodes. */
export function table(headings, rows) {
  const head = withChildren(element("thead"), withChildren(element("tr"), ...headings.map(heading => {
    const cell = element("th", heading);
    cell.scope = "col";
    return cell;
  })));
  const body = withChildren(element("tbody"), ...rows.map(row => withChildren(element("tr", undefined, row.className), ...row.cells.map((cell, index) => {
    const made = element("td");
    if (headings[index]) { made.dataset.label = headings[index]; }
    made.append(cell ?? "");
    return made;
  }))));
  return withChildren(element("table"), head, body);
}
