// Keeps one page for when there is no connection, and shows it in place of any page that can't be reached.
const OFFLINE = "/offline.html";
const CACHE = "offline";

self.addEventListener("install", (event) => {
  self.skipWaiting();
  const page = new Request(OFFLINE, { cache: "reload" });
  event.waitUntil(caches.open(CACHE).then((cache) => cache.add(page)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.registration.navigationPreload?.enable()); // asks while this worker starts
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(pageOf(event));
});

async function pageOf(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return caches.match(OFFLINE);
  }
}
