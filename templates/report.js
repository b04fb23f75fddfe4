"use strict";
// The page reads well without this: it only adds searching, filtering and sorting.
(() => {
  const tools = document.getElementById("tools");
  const fields = ["find", "level", "owner", "school"].map((id) => document.getElementById(id));
  const cards = [...document.querySelectorAll(".card")];
  const words = new Map(cards.map((card) => [card, card.textContent.toLowerCase()]));

  function atSchool(card, school) {
    return !school || ` ${card.dataset.schools || ""}`.includes(` ${school}:`);
  }

  function filterRows(card, find, school) {
    const name = school && fields[3].selectedOptions[0].dataset.id;
    for (const table of card.querySelectorAll(".rows table")) {
      const column = [...table.tHead.rows[0].cells].findIndex((cell) => cell.dataset.name === "school_id");
      const rows = [...table.tBodies[0].rows];
      const said = rows.map((row) => !find || row.textContent.toLowerCase().includes(find));
      const any = said.includes(true);
      rows.forEach((row, place) => {
        const here = !name || column < 0 || row.cells[column].textContent === name;
        row.hidden = !(here && (said[place] || !any));
      });
      table.closest(".rows").hidden = rows.every((row) => row.hidden);
    }
  }

  function show() {
    const [find, level, owner, school] = fields.map((field) => (field ? field.value.trim() : ""));
    const wanted = find.toLowerCase();
    let shown = 0;
    for (const card of cards) {
      const fits = words.get(card).includes(wanted) && (!owner || card.dataset.owner === owner) &&
        (!level || level.split(" ").includes(card.dataset.level)) && atSchool(card, school);
      card.hidden = !fits;
      shown += fits;
      if (fits) filterRows(card, wanted, school);
    }
    for (const topic of document.querySelectorAll(".topic")) topic.hidden = !topic.querySelector(".card:not([hidden])");
    const all = shown === cards.length;
    document.getElementById("shown").textContent = all ? "" : `${shown} of ${cards.length} findings`;
  }

  function sortable(table) {
    for (const cell of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...cell.childNodes);
      cell.append(button);
      button.addEventListener("click", () => sort(table, cell));
    }
  }

  function sort(table, cell) {
    const down = cell.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    cell.setAttribute("aria-sort", down ? "descending" : "ascending");
    const order = new Intl.Collator("en", { numeric: true });
    const text = (row) => row.cells[cell.cellIndex].textContent.replace(/(\d),(?=\d{3})/g, "$1");
    const rows = [...table.tBodies[0].rows].sort((one, two) => order.compare(text(one), text(two)) * (down ? -1 : 1));
    table.tBodies[0].append(...rows);
  }

  function openTarget() {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target || !target.hidden) return;
    for (const field of fields) if (field) field.value = "";
    show();
    target.scrollIntoView();
  }

  for (const table of document.querySelectorAll(".sortable")) sortable(table);
  addEventListener("hashchange", openTarget);
  if (!tools) return;
  tools.hidden = false;
  tools.addEventListener("submit", (event) => event.preventDefault());
  for (const field of fields) if (field) field.addEventListener("input", show);
})();
