// Python in a worker: it starts the program, and answers one call at a time.

const SPARE = 256 << 20; // bytes that a program with enough memory can still get
let python, desk, starting, isLoaded = false;
const steps = { judging: "Checking the rules", reporting: "Writing the reports", mending: "Mending" };
const step = (text, done) => postMessage({ event: "step", text, done });
const report = (text, done) => step(steps[text] ?? text[0].toUpperCase() + text.slice(1), done);

// From one file: what Pyodide requests is taken from the page, and nothing from anywhere else.
function serve(files) {
  const base = "https://page.invalid/runtime/";
  const types = { wasm: "application/wasm", json: "application/json", mjs: "text/javascript", js: "text/javascript" };
  const blobs = new Map(Object.entries(files).map(([name, content]) => {
    const type = types[name.split(".").pop()] ?? "application/octet-stream";
    return [base + name, new Blob([content], { type })];
  }));
  globalThis.fetch = async (request) => {
    const blob = blobs.get(String(request.url ?? request));
    if (!blob) throw new TypeError("this page requests nothing");
    return new Response(blob, { headers: { "Content-Type": blob.type } });
  };
  return { base, script: (name) => URL.createObjectURL(blobs.get(base + name)) };
}

async function start({ base, files }) {
  const source = files ? serve(files) : { base, script: (name) => base + name };
  const take = async (name) => (await fetch(source.base + name)).arrayBuffer();
  const archives = ["libraries.zip", "rosterready.zip"].map(take);
  step("Getting ready: Python", 0.1);
  if (files) await import(source.script("pyodide.asm.js"));
  const { loadPyodide } = await import(source.script("pyodide.mjs"));
  python = await loadPyodide({ indexURL: source.base, stdout: () => {}, stderr: () => {} });
  step("Getting ready: the rules", 0.3);
  for (const archive of archives) {
    python.unpackArchive(await archive, "zip", { extractDir: python.runPython("import site; site.getsitepackages()[0]") });
  }
  desk = python.runPython("from validator.browser.desk import Desk; Desk('/out')");
  postMessage({ event: "ready", choices: JSON.parse(desk.list_choices()) });
  // The rest loads while somebody chooses the export.
  step("Getting ready: tables and numbers", 0.5);
  await python.loadPackage(["pyodide-unix-timezones", "numpy", "pandas", "pyarrow"], { messageCallback: () => {} });
  step("Getting ready: the checks", 0.8);
  python.runPython("import validator.browser.check, validator.browser.layout");
  isLoaded = true;
  postMessage({ event: "loaded" });
}

const folders = ["/in/export", "/in/previous", "/in/extra"];

function unmount() {
  for (const folder of folders) {
    if (python.FS.analyzePath(folder).exists) {
      try { python.FS.unmount(folder); } catch { /* nothing was mounted there */ }
    }
  }
}

// Files are read where they are, piece by piece, and never changed.
function mount(folder, chosen) {
  python.FS.mkdirTree(folder);
  const safe = (path) => path.split("/").filter((part) => part && part !== "..").join("/");
  const blobs = chosen.map(({ path, file }) => ({ name: safe(path), data: file }));
  python.FS.mount(python.FS.filesystems.WORKERFS, { blobs }, folder);
  for (const { name, data } of blobs) {
    python.FS.lookupPath(`${folder}/${name}`).node.timestamp = data.lastModified;
  }
}

// Returns the file that can no longer be read, since it was changed or moved after it was chosen.
function findUnreadable(mounts) {
  const reader = new FileReaderSync();
  return Object.values(mounts ?? {}).flat().find(({ file }) => {
    try { reader.readAsArrayBuffer(file.slice(0, 1)); return false; } catch { return true; }
  });
}

// Whether so little memory is left that its lack is why the program stopped.
function isFull() {
  try { return python._module._malloc(SPARE) === 0; } catch { return true; }
}

function collect() {
  const files = {};
  if (!python.FS.analyzePath("/out").exists) return files;
  for (const name of python.FS.readdir("/out")) {
    if (!name.startsWith(".")) files[name] = python.FS.readFile(`/out/${name}`);
  }
  return files;
}

function prepare({ request, mounts, sample }) {
  unmount();
  for (const [folder, chosen] of Object.entries(mounts)) if (chosen.length) mount(`/in/${folder}`, chosen);
  if (sample) {
    desk.write_sample("/sample");
    request.export = "/sample";
  }
  return JSON.stringify(request);
}

const refuse = (sentence) => ({ answer: { end: "refused", sentence }, files: {} });

const calls = {
  check(data) {
    return { answer: JSON.parse(desk.check(prepare(data), report)), files: collect() };
  },
  mend(data) {
    return { answer: JSON.parse(desk.mend(prepare(data), report)), files: collect() };
  },
  map(request) {
    return { answer: { text: desk.write_map(JSON.stringify(request)) }, files: collect() };
  },
};

onmessage = async ({ data }) => {
  try {
    if (data.call === "start") return await (starting = start(data));
    await starting;
    const gone = findUnreadable(data.mounts);
    const { answer, files } = gone ? refuse(`${gone.path} was changed, moved or deleted after it was chosen. Choose it again.`)
      : calls[data.call](data);
    const heap = python._module.HEAP8.length;
    postMessage({ event: "answer", id: data.id, answer, files, heap }, Object.values(files).map((file) => file.buffer));
  } catch (error) {
    postMessage({ event: "failed", text: String(error?.message ?? error).slice(-2000), isLoaded, isFull: isLoaded && isFull() });
  }
};
