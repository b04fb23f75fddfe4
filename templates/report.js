"use strict";
// Optional. Adds searching, filtering and sorting, and shows the rows after the first ones.
(() => {
  const STEP = 500;
  const order = new Intl.Collator("en", { numeric: true });
  const tools = document.getElementById("tools");
  const fields = ["find", "level", "owner", "school"].map((id) => document.getElementById(id));
  const cards = [...document.querySelectorAll(".card")];
  const words = new Map(cards.map((card) => [card, card.textContent.toLowerCase()]));
  const lists = new Map();

  function createRow(texts) {
    const row = document.createElement("tr");
    for (const text of texts) row.insertCell().textContent = text;
    return row;
  }

  function enhance(table) {
    const heads = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    const more = Number(table.dataset.count || 0);
    const button = document.createElement("button");
    let most = more ? body.rows.length : Infinity;
    let rows, fits, by, down;

    function read(row) {
      return { row, texts: [...row.cells].map((cell) => cell.textContent) };
    }

    function all() {
      if (rows) return rows;
      rows = [...body.rows].map(read);
      if (more) for (const texts of JSON.parse(document.getElementById(table.dataset.more).textContent)) rows.push({ texts });
      for (const row of rows) row.low = row.texts.join("\n").toLowerCase();
      return rows;
    }

    function draw() {
      const kept = fits ? all().filter(fits) : [...all()];
      const key = (row) => row.texts[by].replace(/(\d),(?=\d{3})/g, "$1");
      if (by !== undefined) {
        for (const row of kept) row.key = key(row);
        kept.sort((a, b) => order.compare(a.key, b.key) * (down ? -1 : 1));
      }
      const drawn = document.createDocumentFragment();
      for (const row of kept.slice(0, most)) drawn.append((row.row ??= createRow(row.texts)));
      body.replaceChildren(drawn);
      offer(kept.length - most);
      return kept.length;
    }

    function offer(rest) {
      button.hidden = rest <= 0;
      button.textContent = rest > STEP ? `Show ${STEP} more of ${rest.toLocaleString("en")}` : `Show ${rest} more`;
    }

    function sort(cell) {
      down = cell.getAttribute("aria-sort") === "ascending";
      by = cell.cellIndex;
      for (const head of heads) head.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      draw();
    }

    for (const cell of heads) {
      const head = document.createElement("button");
      head.type = "button";
      head.append(...cell.childNodes);
      cell.append(head);
      head.addEventListener("click", () => sort(cell));
    }
    if (more) {
      button.type = "button";
      button.className = "more";
      offer(more);
      table.parentElement.after(button);
      button.addEventListener("click", () => {
        most += STEP;
        draw();
        if (button.hidden) table.parentElement.focus();
      });
    }
    return {
      contains: (find) => all().some((row) => row.low.includes(find)),
      filter(find, school) {
        const column = heads.findIndex((cell) => cell.dataset.name === "school_id");
        const here = (row) => !school || column < 0 || row.texts[column] === school;
        if (!find && !school && !fits) return;
        const inRows = find && this.contains(find);
        fits = find || school ? (row) => here(row) && (!inRows || row.low.includes(find)) : undefined;
        table.closest(".rows").hidden = !draw();
      },
    };
  }

  function isAtSchool(card, school) {
    return !school || ` ${card.dataset.schools || ""}`.includes(` ${school}:`);
  }

  function show() {
    const [find, level, owner, school] = fields.map((field) => (field ? field.value.trim() : ""));
    const wanted = find.toLowerCase();
    const name = school && fields[3].selectedOptions[0].dataset.id;
    let shown = 0;
    for (const card of cards) {
      const rows = lists.get(card);
      const fits = (!owner || card.dataset.owner === owner) && (!level || level.split(" ").includes(card.dataset.level)) &&
        isAtSchool(card, school) && (words.get(card).includes(wanted) || Boolean(rows && rows.contains(wanted)));
      card.hidden = !fits;
      shown += fits;
      if (fits && rows) rows.filter(wanted, name);
    }
    for (const topic of document.querySelectorAll(".topic")) topic.hidden = !topic.querySelector(".card:not([hidden])");
    const few = shown === 1 ? "1 finding matches" : `${shown} of ${cards.length} findings match`;
    document.getElementById("shown").textContent = shown === cards.length ? "" : few;
    document.getElementById("again").hidden = ![find, level, owner, school].some(Boolean);
  }

  function openTarget() {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target || !target.hidden) return;
    tools.reset();
    show();
    target.scrollIntoView();
  }

  for (const table of document.querySelectorAll(".sortable")) lists.set(table.closest(".card") || table, enhance(table));
  for (const note of document.querySelectorAll(".unscripted")) {
    const line = note.parentElement;
    note.remove();
    line.hidden = !line.textContent;
  }
  addEventListener("hashchange", openTarget);
  if (!tools) return;
  tools.hidden = false;
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.addEventListener("reset", () => setTimeout(show));
  for (const field of fields) if (field) field.addEventListener("input", show);
})();
