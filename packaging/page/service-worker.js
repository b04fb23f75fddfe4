// Keeps the page's own files in this browser, each compared with its SHA-256, so that it works offline.

const CACHE = "rosterready-@VERSION@";

async function fill() {
  const { files } = await (await fetch("files.json", { cache: "no-cache" })).json();
  const cache = await caches.open(CACHE);
  await Promise.all(Object.entries(files).map(async ([name, { sha256 }]) => {
    const bytes = sha256.match(/../g).map((pair) => parseInt(pair, 16));
    const integrity = `sha256-${btoa(String.fromCharCode(...bytes))}`;
    const answer = await fetch(name, { integrity, cache: "no-cache" });
    if (!answer.ok) throw new Error(`${name} is missing on the server`);
    await cache.put(name, answer);
    if (name === "index.html") await cache.put("./", await cache.match(name));
  }));
}

async function clear() {
  for (const name of await caches.keys()) {
    if (name.startsWith("rosterready-") && name !== CACHE) await caches.delete(name);
  }
  await clients.claim();
}

addEventListener("install", (event) => event.waitUntil(fill()));
addEventListener("activate", (event) => event.waitUntil(clear()));
addEventListener("fetch", (event) => {
  const isOwn = new URL(event.request.url).origin === location.origin;
  if (event.request.method !== "GET" || !isOwn) return;
  event.respondWith(caches.open(CACHE).then(async (cache) =>
    (await cache.match(event.request, { ignoreSearch: true })) ?? fetch(event.request)));
});
