"use strict";
// Optional. Sorts, filters and searches the districts.
(() => {
  const table = document.getElementById("list");
  if (!table) return;
  const order = new Intl.Collator("en", { numeric: true });
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...body.rows];
  const find = document.getElementById("find");
  const verdict = document.getElementById("verdict");
  const shown = document.getElementById("shown");
  const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

  function key(row, at) {
    const cell = row.cells[at];
    return cell.dataset.key ?? cell.textContent.trim();
  }

  function sort(head) {
    const at = head.cellIndex;
    const before = head.getAttribute("aria-sort");
    const first = head.classList.contains("n") ? "descending" : "ascending";
    const other = first === "descending" ? "ascending" : "descending";
    const now = before === first ? other : first;
    for (const each of heads) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", now);
    const sign = now === "ascending" ? 1 : -1;
    rows.sort((a, b) => {
      const [left, right] = [key(a, at), key(b, at)];
      if (!left || !right) return (left ? 0 : 1) - (right ? 0 : 1);
      return sign * order.compare(left, right);
    });
    body.replaceChildren(...rows);
  }

  function filter() {
    const text = find.value.trim().toLowerCase();
    let count = 0;
    for (const row of rows) {
      const fits = words.get(row).includes(text) && (!verdict.value || row.dataset.verdicts.split(" ").includes(verdict.value));
      row.hidden = !fits;
      count += fits;
    }
    const all = count === rows.length;
    shown.textContent = all ? `${count.toLocaleString("en")} listed` : `${count.toLocaleString("en")} of ${rows.length.toLocaleString("en")} listed`;
  }

  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(head));
  }
  document.getElementById("tools").hidden = false;
  find.addEventListener("input", filter);
  verdict.addEventListener("change", filter);
  filter();
})();
