"use strict";
// The suggested column map: for each of our tables its file, and a choice for each column.

const columns = {
  show({ tables, files }, root) {
    root.replaceChildren(...tables.map((table) => columns.table(table, files)));
  },

  table(table, files) {
    const box = document.createElement("fieldset");
    box.dataset.table = table.table;
    columns.add(box, "legend", table.table);
    const line = columns.add(box, "div", "");
    line.className = "field";
    columns.add(line, "label", "File").htmlFor = `file-${table.table}`;
    const select = columns.add(line, "select", "");
    select.id = `file-${table.table}`;
    select.setAttribute("aria-label", `${table.table}: file`);
    select.append(new Option("not in this export", ""));
    for (const { name } of files) select.append(new Option(name, name, name === table.file, name === table.file));
    columns.add(line, "span", table.why).className = "hint";
    const place = columns.add(box, "div", "");
    const fill = () => columns.fill(place, table, files.find(({ name }) => name === select.value));
    select.addEventListener("change", fill);
    fill();
    return box;
  },

  fill(place, table, file) {
    place.replaceChildren();
    if (!file) return;
    const same = file.name === table.file;
    place.append(columns.grid(table, table.columns, file, same));
    if (!table.more.length) return;
    const more = columns.add(place, "details", "");
    columns.add(more, "summary", `More columns of ${table.table}`);
    more.append(columns.grid(table, table.more, file, same));
  },

  grid(table, lines, file, same) {
    const scroll = document.createElement("div");
    scroll.className = "scroll";
    const grid = columns.add(scroll, "table", "");
    const head = columns.add(columns.add(grid, "thead", ""), "tr", "");
    for (const title of ["Column", "Column in your file", "Why"]) columns.add(head, "th", title).scope = "col";
    const body = columns.add(grid, "tbody", "");
    for (const column of lines) body.append(columns.row(table, column, file, same));
    return scroll;
  },

  row(table, column, file, same) {
    const row = document.createElement("tr");
    columns.add(row, "th", column.column).scope = "row";
    const select = columns.add(columns.add(row, "td", ""), "select", "");
    select.setAttribute("aria-label", `${table.table}: ${column.column}`);
    select.dataset.column = column.column;
    select.append(new Option("not in this file", "0"));
    if (same && column.fixed) select.append(new Option(column.fixed, String(column.number)));
    for (const { number, title } of file.headings) select.append(new Option(title, String(number)));
    const named = file.headings.find(({ title }) => title.toLowerCase() === column.column.toLowerCase());
    select.value = String(same ? column.number : named?.number ?? 0);
    columns.add(row, "td", same && column.sure ? `${column.sure}: ${column.why}` : "");
    return row;
  },

  add(parent, tag, text) {
    const child = document.createElement(tag);
    child.textContent = text;
    parent.append(child);
    return child;
  },

  choices(root) {
    const chosen = {};
    for (const box of root.querySelectorAll("fieldset")) {
      const file = box.querySelector("select").value;
      if (!file) continue;
      const selects = [...box.querySelectorAll("select[data-column]")];
      chosen[box.dataset.table] = {
        file, columns: Object.fromEntries(selects.map((select) => [select.dataset.column, Number(select.value)])),
      };
    }
    return chosen;
  },
};
