"use strict";
// The page: what was chosen, the worker that checks it, and what came of it.

const $ = (id) => document.getElementById(id);
const EXPORTS = ["export", "previous"];
const FILES = ["worklist", "columns", "sharing", "packs"];
const KEPT = "rosterready-choices"; // the app, the system and the column map; never anything of an export
const TYPES = { html: "text/html", json: "application/json", txt: "text/plain", yaml: "text/yaml", zip: "application/zip",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" };
const NO_MEMORY = "The browser ran out of memory. Close other tabs and try again, or check this export with the rosterready command on a computer.";
const CHOOSE = "Drop a folder, a .zip, a workbook or CSV files.";
const STOPPED = "The program stopped unexpectedly, so no report was made. It has been started again; nothing left this computer.";

let worker, waiting, madeUp, lastCall, calls = 0, isReady = false, isBroken = false, isSample = false, isSuggested = false, isRemembered = false;
let chosen = { export: [], previous: [], worklist: [], columns: [], sharing: [], packs: [] };
const urls = [], COLUMNS_HINT = $("columns-hint").textContent;

// ---------------------------------------------------------------- the worker

function findFiles() {
  const blocks = [...document.querySelectorAll("script[data-file]")];
  if (!blocks.length) return null;
  return Object.fromEntries(blocks.map((block) => [block.dataset.file.replace("runtime/", ""), decode(block.textContent)]));
}

function decode(text) {
  const binary = atob(text), bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

// A worker made from a blob inherits the policy of this page, whatever headers the server sends.
function startWorker() {
  isReady = isBroken = false;
  const files = findFiles();
  const script = files ? files["worker.js"] : `import ${JSON.stringify(new URL("worker.js", document.baseURI).href)};`;
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  // A page from the disk has no origin, and Chromium starts no module worker for it.
  worker = new Worker(url, { type: files ? "classic" : "module" });
  worker.onmessage = ({ data }) => events[data.event](data);
  worker.onerror = (event) => events.failed({ text: event.message ?? "" });
  worker.postMessage({ call: "start", base: new URL("runtime/", document.baseURI).href, files });
}

function restartWorker() {
  worker.terminate();
  startWorker();
}

function call(message, then) {
  calls += 1;
  waiting = { id: calls, then };
  worker.postMessage({ ...message, id: calls });
}

const events = {
  step({ text, done }) {
    $("step").textContent = text;
    $("bar").value = done;
  },
  ready({ choices }) {
    isReady = true;
    performance.mark("ready");
    fillChoices(choices);
    if (waiting?.start) waiting.start();
    else finish("Ready. Choose the export.", "");
  },
  answer({ id, answer, files, heap }) {
    performance.mark("answer", { detail: { heap } });
    if (waiting?.id !== id) return;
    const { then } = waiting;
    waiting = undefined;
    then(answer, files);
  },
  loaded() {
    performance.mark("loaded");
    keepOffline();
  },
  failed({ text, isFull, isLoaded = isReady }) {
    console.error(text);
    waiting = undefined;
    finish(isFull || /memory|allocation/i.test(text) ? NO_MEMORY : isLoaded ? STOPPED
      : "The page could not be loaded whole. Load it again; if that does not help, ask whoever hosts it.", "refused");
    if (isLoaded) return restartWorker();
    isReady = false;
    isBroken = true;
  },
};

// ---------------------------------------------------------------- choices

function fillChoices({ apps, maps, systems, sample, version }) {
  madeUp = sample;
  const before = { app: $("app").value, system: $("system").value, layout: $("layout").value };
  const fill = (id, options) => $(id).replaceChildren($(id).options[0], ...options.map(([value, title]) => new Option(title, value)));
  const title = (id) => id.split("-").map((word) => word[0].toUpperCase() + word.slice(1)).join(" ");
  fill("app", apps);
  fill("system", systems.map((id) => [id, title(id)]));
  fill("layout", maps.map((id) => [id, title(id)]));
  if (!$("more-apps").childElementCount) {
    for (const [id, name] of apps) {
      const box = columns.add($("more-apps"), "div", ""), input = columns.add(box, "input", "");
      Object.assign(input, { type: "checkbox", id: `app-${id}`, value: id });
      columns.add(box, "label", name).htmlFor = input.id;
    }
  }
  const kept = recall();
  for (const [id, value] of Object.entries(before)) $(id).value = value || kept[id] || "";
  if (kept.map && !chosen.columns.length) {
    chosen.columns = [{ path: "columns.yaml", file: new File([kept.map], "columns.yaml") }];
    isRemembered = $("more").open = true;
    $("columns-hint").textContent = "The remembered one is used. Choose another, or clear Remember below.";
  }
  $("remember").checked ||= Boolean(kept.app !== undefined);
  $("version").textContent = version;
}

function recall() {
  try { return JSON.parse(localStorage.getItem(KEPT)) ?? {}; } catch { return {}; }
}

function forget() {
  try { localStorage.removeItem(KEPT); } catch { /* this browser keeps nothing */ }
  if (isRemembered) choose("columns", []);
}

async function remember() {
  try {
    if (!$("remember").checked) return forget();
    const map = chosen.columns[0] ? await chosen.columns[0].file.text() : "";
    localStorage.setItem(KEPT, JSON.stringify({ app: $("app").value, system: $("system").value, layout: $("layout").value, map }));
  } catch { /* this browser keeps nothing */ }
}

function choose(name, list) {
  chosen[name] = list;
  if (name === "columns") {
    isSuggested = isRemembered = false;
    $("columns-hint").textContent = COLUMNS_HINT;
  }
  if (name !== "export") return;
  if (isSuggested) chosen.columns = [];
  isSuggested = false;
  if (isSample) setToday();
  isSample = false;
  $("chosen").textContent = list.length ? intake.describe(list) : "";
  $("chosen").hidden = !list.length;
  $("mapping").hidden = true;
}

function buildRequest() {
  const more = [...document.querySelectorAll("#more-apps input:checked")].map((input) => input.value);
  const paths = (name) => chosen[name].map(({ path }) => `/in/extra/${name}/${path}`);
  return {
    export: chosen.export.length ? "/in/export" : "", previous: chosen.previous.length ? "/in/previous" : "",
    apps: [...new Set([$("app").value, ...more].filter(Boolean))], packs: paths("packs"), worklist: paths("worklist")[0],
    columns: paths("columns")[0] ?? $("layout").value, sharing: paths("sharing")[0], date: $("date").value,
    district: isSample ? madeUp.district : $("district").value, system: $("system").value, phase: $("phase").value,
    now: new Date().toISOString().replace(/\.\d+Z$/, "+00:00"),
  };
}

function buildCall() {
  const extra = FILES.flatMap((name) => chosen[name].map(({ path, file }) => ({ path: `${name}/${path}`, file })));
  const mounts = Object.fromEntries([...EXPORTS.map((name) => [name, chosen[name]]), ["extra", extra]]);
  lastCall = { request: buildRequest(), mounts, sample: isSample };
  return lastCall;
}

function setToday() {
  const now = new Date();
  $("date").value = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
}

// ---------------------------------------------------------------- a check

function setBusy(isBusy) {
  for (const id of ["check", "mend", "use-columns", "save-columns"]) $(id).disabled = isBusy;
}

function begin(text) {
  $("progress").hidden = false;
  $("cancel").hidden = false;
  setBusy(true);
  say(text, "");
}

function check() {
  if (!isSample && !chosen.export.length) return finish("Choose the export first: a folder, a .zip, a workbook or its CSV files.", "refused", $("export"));
  if (!$("date").checkValidity()) return finish("Choose the day of the check under Date.", "refused", $("date"));
  remember();
  clearResult();
  begin("Checking. This takes from a few seconds to a few minutes.");
  const start = () => {
    performance.mark("check");
    if (isSample) $("date").value = madeUp.date;
    call({ call: "check", ...buildCall() }, showAnswer);
  };
  if (isReady) return start();
  waiting = { start };
  if (isBroken) restartWorker();
}

function cancel() {
  waiting = undefined;
  restartWorker();
  finish("Canceled. Nothing was written.", "", $("check"));
}

function showAnswer(answer, files) {
  if (answer.end === "unknown-layout") {
    columns.show(answer.layout, $("tables"));
    $("mapping").hidden = false;
    finish(answer.sentence, "", $("mapping-title"));
    return;
  }
  $("mapping").hidden = true;
  if (answer.end !== "report") return finish(answer.sentence, "refused");
  showReport(answer, files);
  finish(answer.sentence, answer.verdict, $("result-title"));
}

function showReport({ private: internal }, files) {
  const html = new Blob([files["report.html"]], { type: TYPES.html });
  const links = Object.entries(files).map(([name, content]) => addLink(name, content));
  const open = document.createElement("a");
  Object.assign(open, { href: track(html), target: "_blank", rel: "noopener", textContent: "Open the report in a tab, to print it" });
  $("files").replaceChildren(...[...links, open].map((link) => { const item = document.createElement("li"); item.append(link); return item; }));
  $("private").textContent = internal.length ? `Student data is in ${internal.join(" and ")}: keep it inside the district. The others may be passed on.` : "";
  const frame = document.createElement("iframe");
  frame.title = "The report";
  frame.setAttribute("sandbox", "allow-scripts allow-popups allow-popups-to-escape-sandbox");
  frame.srcdoc = new TextDecoder().decode(files["report.html"]);
  $("shown").replaceChildren(frame);
  $("result").hidden = false;
}

function mend() {
  begin("Making a corrected copy. This takes from a few seconds to a few minutes.");
  call({ call: "mend", ...lastCall }, (answer, files) => {
    for (const [name, content] of Object.entries(files)) $("mended").replaceChildren(addLink(name, content));
    finish(answer.sentence, answer.end === "mended" ? "" : "refused", $("mended").firstChild);
  });
}

function track(blob) {
  const url = URL.createObjectURL(blob);
  urls.push(url);
  return url;
}

function addLink(name, content) {
  const link = document.createElement("a");
  const url = track(new Blob([content], { type: TYPES[name.split(".").pop()] ?? "application/octet-stream" }));
  return Object.assign(link, { href: url, download: name, textContent: `Save ${name}` });
}

function clearResult() {
  $("result").hidden = true;
  $("files").replaceChildren();
  $("shown").replaceChildren();
  $("mended").replaceChildren();
  for (const url of urls.splice(0)) URL.revokeObjectURL(url);
}

function finish(text, verdict, focus) {
  $("progress").hidden = true;
  $("cancel").hidden = true;
  setBusy(false);
  say(text, verdict);
  focus?.focus();
}

function say(text, verdict) {
  $("status").textContent = text;
  $("status").dataset.verdict = verdict;
}

// ---------------------------------------------------------------- column map

function writeMap(then) {
  const name = chosen.export[0]?.path.split("/")[0] ?? "this export";
  call({ call: "map", choices: columns.choices($("tables")), name }, ({ text }) => then(new File([text], "columns.yaml")));
}

function useColumns() {
  begin("Writing the column map.");
  writeMap((file) => {
    chosen.columns = [{ path: "columns.yaml", file }];
    isSuggested = true;
    check();
  });
}

function saveColumns() {
  begin("Writing the column map.");
  writeMap((file) => {
    const link = document.createElement("a");
    Object.assign(link, { href: track(file), download: file.name });
    link.click();
    finish("The column map is saved. Choose it under Column map next time.", "");
  });
}

// ---------------------------------------------------------------- start

function listen() {
  $("form").addEventListener("submit", (event) => { event.preventDefault(); check(); });
  $("cancel").addEventListener("click", cancel);
  $("mend").addEventListener("click", mend);
  $("use-columns").addEventListener("click", useColumns);
  $("save-columns").addEventListener("click", saveColumns);
  $("remember").addEventListener("change", remember);
  $("sample").addEventListener("click", () => {
    choose("export", []);
    empty("export", "folder");
    isSample = true;
    $("chosen").textContent = "A made-up district with planted faults, as of November 16, 2026";
    $("chosen").hidden = false;
    if (isReady && !$("app").value) $("app").value = "khan-academy";
    check();
  });
  for (const name of [...EXPORTS, ...FILES]) {
    $(name).addEventListener("change", () => choose(name, intake.fromInput($(name))));
  }
  $("export").addEventListener("change", () => empty("folder"));
  $("folder").addEventListener("change", () => { choose("export", intake.fromInput($("folder"))); empty("export"); });
  const drag = (isDragged) => document.body.classList.toggle("dragged", isDragged);
  addEventListener("dragover", (event) => { event.preventDefault(); drag(true); });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) drag(false); });
  addEventListener("drop", async (event) => {
    event.preventDefault();
    drag(false);
    const list = await intake.fromDrop(event.dataTransfer).catch(() => []);
    if ($("check").disabled) return;
    if (!list.length) return say(CHOOSE, "refused");
    choose("export", list);
    empty("export", "folder");
    say("Ready. Press Check.", "");
  });
}

// A file input goes on showing what it had, though something else was chosen.
function empty(...ids) {
  for (const id of ids) $(id).value = "";
}

async function keepOffline() {
  if (!("serviceWorker" in navigator) || !location.protocol.startsWith("http")) return;
  try {
    await navigator.serviceWorker.register("service-worker.js");
    await navigator.serviceWorker.ready;
    $("offline").hidden = false;
  } catch { /* this server, or this browser, keeps no pages */ }
}

setToday();
listen();
say("Getting ready. You can choose the export now.", "");
startWorker();
