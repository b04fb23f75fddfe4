"use strict";
// Optional. Adds searching, filtering and sorting, and shows the rows after the first ones.
(() => {
  const STEP = 500;
  const FIRST = 5;
  const LEVELS = ["blocker", "warning", "advice", "fact"];
  const OTHERS = ["other schools", "no known school"];
  const order = new Intl.Collator("en", { numeric: true });
  const tools = document.getElementById("tools");
  const fields = ["find", "level", "owner", "school"].map((id) => document.getElementById(id));
  const cards = [...document.querySelectorAll(".card")];
  const words = new Map(cards.map((card) => [card, card.textContent.toLowerCase()]));
  const lists = new Map();
  const owners = new Map([...document.querySelectorAll("#owner option")].map((each) => [each.value, each.textContent]));
  const figures = JSON.parse(document.getElementById("here").dataset.figures);
  const tabs = [...document.querySelectorAll("#tabs [role=tab]")];
  const panels = tabs.map((tab) => document.getElementById(tab.getAttribute("aria-controls")));
  const districtWide = [...document.querySelectorAll(".panel, .progress, .first-sync, .ask")];
  const said = new Map([...document.querySelectorAll("#answer, #lead, .top .sum [data-level], .card h4, .card .rows > summary")].map((part) => [part, part.textContent]));
  let app = "";

  function createRow(texts) {
    const row = document.createElement("tr");
    for (const text of texts) row.insertCell().textContent = text;
    return row;
  }

  function createFigure(text, many) {
    const row = createRow([text, many.toLocaleString("en")]);
    row.cells[1].className = "n";
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
        const any = school === undefined;
        const here = (row) => any || column < 0 || row.texts[column] === school || (!school && OTHERS.includes(row.texts[column]));
        if (!find && any && !fits) return all().length;
        const inRows = find && this.contains(find);
        fits = find || !any ? (row) => here(row) && (!inRows || row.low.includes(find)) : undefined;
        const kept = draw();
        const rows = table.closest(".rows");
        if (rows) rows.hidden = !kept;
        return kept;
      },
    };
  }

  // As the tables have it: "" for the schools that are not named.
  function nameSchool() {
    const text = fields[3].selectedOptions[0].textContent.trim();
    return text === OTHERS[0] ? "" : text;
  }

  function sayWhere() {
    return nameSchool() ? "at this school" : "at these schools";
  }

  function countAt(card, school) {
    const part = ` ${card.dataset.schools || ""}`.split(` ${school}:`)[1];
    return part ? Number(part.split(" ")[0]) : 0;
  }

  function getLevel(card) {
    if (!app || card.dataset.apps === undefined) return card.dataset.level;
    return Object.fromEntries(card.dataset.apps.split(" ").map((each) => each.split(":")))[app];
  }

  function setLevel(card, level) {
    const badge = card.querySelector(".tag .badge");
    for (const part of [card, badge]) part.className = `${part.className.split(" ")[0]} ${level}`;
    badge.querySelector("use").setAttribute("href", `#s-${level}`);
    badge.querySelector(".word").textContent = badge.closest("main").dataset[level];
    badge.querySelector("small").textContent = level;
  }

  function countThings(many, what) {
    return `${many.toLocaleString("en")} ${many === 1 ? what : `${what}s`}`;
  }

  function createLink(card, text) {
    const link = document.createElement(card.id ? "a" : "span");
    if (card.id) link.href = `#${card.id}`;
    link.textContent = text;
    return link;
  }

  // Every finding that is shown in one table, the most serious first.
  function listAtAGlance(shown) {
    const ranked = [...shown].sort((a, b) => LEVELS.indexOf(getLevel(a)) - LEVELS.indexOf(getLevel(b)));
    const rows = ranked.map((card) => {
      const row = document.createElement("tr");
      row.insertCell().append(createLink(card, card.querySelector("h3, h4").textContent));
      row.insertCell().append(card.querySelector(".tag .badge").cloneNode(true));
      row.insertCell().textContent = getLevel(card) === "fact" ? "" : owners.get(card.dataset.owner);
      return row;
    });
    document.getElementById("glance-rows").replaceChildren(...rows);
    document.getElementById("glance-title").textContent = `${countThings(rows.length, "finding")} in one table`;
    document.getElementById("glance").hidden = rows.length < 2;
  }

  // The findings and causes of one school, most serious and most frequent first.
  function listAtSchool(school) {
    const here = cards.map((card) => ({ card, many: countAt(card, school), level: getLevel(card) }));
    const ranked = here.filter((each) => each.many && each.level);
    return ranked.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || b.many - a.many);
  }

  function createStep({ card, many }) {
    const step = document.createElement("li");
    const who = document.createElement("p");
    who.className = "who";
    who.textContent = `${many.toLocaleString("en")} ${sayWhere()}. Who fixes it: ${owners.get(card.dataset.owner)}`;
    step.append(createLink(card, card.dataset.title), who);
    return step;
  }

  // What the first screen says of one school; figures of the whole district are put away.
  function showSchool(school) {
    const here = document.getElementById("here");
    here.hidden = !school;
    for (const part of districtWide) part.classList.toggle("elsewhere", Boolean(school));
    for (const [part, text] of said) part.textContent = text;
    for (const mark of document.querySelectorAll(".at-school")) mark.remove();
    document.body.classList.toggle("one-school", Boolean(school));
    if (!school) return;
    const chosen = nameSchool() || OTHERS[0];
    const name = chosen.includes(" ") ? chosen[0].toUpperCase() + chosen.slice(1) : `School ${chosen}`;
    const counts = Object.fromEntries(LEVELS.map((level) => [level, 0]));
    const listed = listAtSchool(school);
    for (const { card, many, level } of listed) {
      counts[level] += 1;
      const mark = document.createElement("b");
      mark.className = "at-school";
      mark.textContent = `${many.toLocaleString("en")} ${sayWhere()}`;
      card.querySelector(".at").prepend(mark);
      const title = card.querySelector("h4");
      if (title) title.textContent = card.dataset.title;
    }
    const toFix = listed.filter((each) => each.level === "blocker" || (!counts.blocker && each.level === "warning"));
    const apart = cards.filter((card) => getLevel(card) && getLevel(card) !== "fact" && !card.dataset.schools).length;
    document.getElementById("here-steps").replaceChildren(...toFix.slice(0, FIRST).map(createStep));
    document.getElementById("here-first").textContent = counts.blocker ? `Fix these first ${sayWhere()}` : `Nothing must be fixed ${sayWhere()}`;
    document.getElementById("here-rest").textContent = apart ? `${countThings(apart, "finding")} ${apart === 1 ? "has" : "have"} no figures by school, since ${apart === 1 ? "it is" : "they are"} about whole files or few children: choose all schools to see ${apart === 1 ? "it" : "them"}.` : "";
    const { steps, left } = figures.find((each) => each.id === app) || figures[0];
    const body = document.getElementById("here-figures");
    const ready = [];
    body.replaceChildren();
    for (const [kind, numbers] of Object.entries(left[school])) {
      numbers.forEach((many, at) => body.append(createFigure(steps[kind][at], many)));
      if (kind !== "sections") ready.push(`${numbers.at(-1).toLocaleString("en")} of ${numbers[0].toLocaleString("en")} ${kind}`);
    }
    document.getElementById("here-title").textContent = name;
    document.getElementById("lead").textContent = ready.length ? `Here, ${ready.join(" and ")} are ready.` : "Who is ready here is not known.";
    document.getElementById("answer").textContent = `${name}: ${counts.blocker ? `${countThings(counts.blocker, "thing")} must be fixed first` : "nothing must be fixed"}`;
    for (const part of document.querySelectorAll(".top .sum [data-level]")) part.textContent = counts[part.dataset.level].toLocaleString("en");
  }

  function show() {
    const [find, level, owner, school] = fields.map((field) => (field ? field.value.trim() : ""));
    const wanted = find.toLowerCase();
    const name = school ? nameSchool() : undefined;
    let shown = 0;
    let of = 0;
    let places = 0;
    showSchool(school);
    for (const card of cards) {
      const rows = lists.get(card);
      const own = getLevel(card);
      of += Boolean(own);
      const fits = own && (!owner || card.dataset.owner === owner) && (!level || level.split(" ").includes(own)) &&
        (!school || countAt(card, school) > 0) && (words.get(card).includes(wanted) || Boolean(rows && rows.contains(wanted)));
      card.hidden = !fits;
      shown += Boolean(fits);
      if (own && tabs.length) setLevel(card, own);
      if (!fits || !rows) continue;
      const kept = rows.filter(wanted, name);
      places += kept;
      if (school) card.querySelector(".rows > summary").textContent = `${countThings(kept, "place")} ${sayWhere()}`;
    }
    listAtAGlance(cards.filter((card) => !card.hidden));
    for (const [table, rows] of lists) if (!table.classList.contains("card") && table.tHead.querySelector("[data-name=school_id]")) rows.filter("", name);
    for (const topic of document.querySelectorAll(".topic, .diagnoses")) {
      const many = topic.querySelectorAll(".card:not([hidden])").length;
      topic.hidden = !many;
      const count = document.querySelector(`[data-topic="${topic.id}"]`);
      if (count) count.textContent = many;
    }
    const any = [find, level, owner, school].some(Boolean);
    const listed = places ? `, ${countThings(places, "place")} listed` : "";
    document.getElementById("shown").textContent = any ? `${shown} of ${countThings(of, "finding")} ${shown === 1 ? "matches" : "match"}${listed}` : "";
    document.getElementById("again").hidden = !any;
  }

  function choose(tab) {
    app = tab ? tab.dataset.app : "";
    for (const each of tabs) {
      each.setAttribute("aria-selected", each === tab);
      each.tabIndex = each === tab ? 0 : -1;
    }
    panels.forEach((panel, at) => (panel.hidden = Boolean(tab) && tabs[at] !== tab));
    if (tools) show();
  }

  function addTabs() {
    document.getElementById("tabs").hidden = false;
    panels.forEach((panel, at) => {
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tabs[at].id);
    });
    for (const [at, tab] of tabs.entries()) {
      tab.addEventListener("click", () => choose(tab));
      tab.addEventListener("keydown", (event) => {
        const place = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
        if (place === undefined) return;
        event.preventDefault();
        const next = tabs[(place + tabs.length) % tabs.length];
        choose(next);
        next.focus();
      });
    }
    choose(tabs[0]);
  }

  // On paper nothing can be opened: every part is printed open, of every app.
  function openAll() {
    const chosen = tabs.find((tab) => tab.dataset.app === app && app);
    const closed = [...document.querySelectorAll("details:not([open])")].filter((part) => part.id !== "glance");
    for (const part of closed) part.open = true;
    if (tabs.length) choose(null);
    addEventListener("afterprint", () => {
      document.body.classList.remove("briefly");
      for (const part of closed) part.open = false;
      if (chosen) choose(chosen);
    }, { once: true });
  }

  function openTarget() {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target || !target.hidden) return;
    if (tabs.length) choose(null);
    tools.reset();
    show();
    target.scrollIntoView();
  }

  if (matchMedia("(max-width: 30rem)").matches) document.getElementById("input").open = false;
  for (const table of document.querySelectorAll(".sortable")) lists.set(table.closest(".card") || table, enhance(table));
  for (const note of document.querySelectorAll(".unscripted")) {
    const line = note.parentElement;
    note.remove();
    line.hidden = !line.textContent;
  }
  addEventListener("hashchange", openTarget);
  addEventListener("beforeprint", openAll);
  if (tools) tools.hidden = false;
  if (tabs.length) addTabs();
  if (!tools) return;
  if (!tabs.length) listAtAGlance(cards);
  document.getElementById("print").addEventListener("click", () => {
    document.body.classList.add("briefly");
    print();
  });
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.addEventListener("reset", () => setTimeout(show));
  for (const field of fields) if (field) field.addEventListener("input", show);
})();
