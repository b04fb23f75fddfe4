"use strict";
// The suggested column map: a table for each of our tables, with a choice for each column.

const columns = {
  show(tables, root) {
    root.replaceChildren(...tables.map(columns.table));
  },

  table(table) {
    const box = document.createElement("fieldset");
    box.dataset.table = table.table;
    const legend = columns.add(box, "legend", `${table.table}: ${table.file}`);
    legend.title = table.why;
    const line = columns.add(box, "p", "");
    line.className = "box";
    const use = columns.add(line, "input", "");
    use.type = "checkbox";
    use.checked = true;
    use.id = `use-${table.table}`;
    columns.add(line, "label", `Use this file for ${table.table} (${table.sure}: by ${table.why})`).htmlFor = use.id;
    const scroll = columns.add(box, "div", "");
    scroll.className = "scroll";
    const grid = columns.add(scroll, "table", "");
    const head = columns.add(columns.add(grid, "thead", ""), "tr", "");
    for (const title of ["Column", "Column in your file", "Why"]) columns.add(head, "th", title).scope = "col";
    const body = columns.add(grid, "tbody", "");
    for (const column of table.columns) body.append(columns.row(table, column));
    return box;
  },

  row(table, column) {
    const row = document.createElement("tr");
    columns.add(row, "th", column.column).scope = "row";
    const cell = columns.add(row, "td", "");
    const select = columns.add(cell, "select", "");
    select.setAttribute("aria-label", `${table.table}: ${column.column}`);
    select.dataset.column = column.column;
    select.append(new Option("not in this file", "0"));
    if (column.fixed) select.append(new Option(column.fixed, String(column.number), true, true));
    for (const { number, title } of table.headings) {
      const chosen = !column.fixed && number === column.number;
      if (!column.fixed || number !== column.number) select.append(new Option(title, String(number), chosen, chosen));
    }
    columns.add(row, "td", column.sure ? `${column.sure}: ${column.why}` : "");
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
      if (!box.querySelector("input").checked) continue;
      const selects = [...box.querySelectorAll("select")];
      chosen[box.dataset.table] = Object.fromEntries(
        selects.map((select) => [select.dataset.column, Number(select.value)]),
      );
    }
    return chosen;
  },
};
