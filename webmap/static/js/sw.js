// The service worker: what was seen is there again without a line. Static files and tiles from the
// phone first; public pages from the site, and from the phone when it does not answer in time. What
// holds a position, the staff's and planners' pages and the API are never touched. SITE stands above.
'use strict';

const WAIT_MS = 4000;
const MOST_PAGES = 40;
const MOST_TILES = 800;
const FILES = `nuanyi-files-${SITE.version}`;
const PAGES = `nuanyi-pages-${SITE.version}`;
const TILES = 'nuanyi-tiles';
const CHOICES = ['lang', 'type'];

const pathOf = (address) => new URL(address).pathname.slice(SITE.root.length);
const isPublic = (path) => ['', 'map', 'privacy', 'offline'].includes(path) || /^s\/.+$/.test(path) && !/\/(poster|poster\.pdf|tell)$/.test(path);
const storeOf = (path) => {
  if (/^(static|maps)\//.test(path)) return FILES;
  return path.startsWith('base/') ? TILES : null;
};

// --- what is kept has the content in its address, or is a tile
const trim = async (store, most) => {
  const keys = await store.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((key) => store.delete(key)));
};

let put = 0;
const fromStore = async (event, name) => {
  const store = await caches.open(name);
  const kept = await store.match(event.request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(event.request);
  if (answer.ok && new URL(event.request.url).searchParams.has('v')) {
    event.waitUntil(store.put(event.request, answer.clone()).then(() => {
      put += 1;
      return name === TILES && put % 50 === 0 ? trim(store, MOST_TILES) : null;
    }).catch(() => {})); // no room
  }
  return answer;
};

// --- pages: kept by path, language and size of type, as the page itself says them
const VARIANT = '?kept=variant';
const variantOf = (text) => /<html lang="([\w-]+)" data-type="(\w+)"/.exec(text)?.slice(1).join('.') || '';
const keyOf = (path, variant) => `${SITE.root}${path}?kept=${variant}`;

const keepPage = async (path, answer) => {
  const store = await caches.open(PAGES);
  const text = await answer.text();
  const variant = variantOf(text);
  const headers = new Headers(answer.headers);
  for (const name of ['Content-Encoding', 'Content-Length', 'Vary', 'Set-Cookie']) headers.delete(name);
  headers.set('X-Kept-At', Date.now());
  await store.put(keyOf(path, variant), new Response(text, { headers }));
  return { text, variant };
};

const isStorable = (answer) => answer.ok && !answer.redirected && answer.type === 'basic'
  && (answer.headers.get('Content-Type') || '').startsWith('text/html')
  && !(answer.headers.get('Cache-Control') || '').includes('no-store');

// The pages that must be there, in the visitor's language, and the files they name
const keepShell = async () => {
  const files = await caches.open(FILES);
  for (const address of SITE.pages) {
    const answer = await fetch(address, { credentials: 'same-origin' });
    if (!isStorable(answer)) throw new Error(`${address}: ${answer.status}`);
    const { text, variant } = await keepPage(address.slice(SITE.root.length), answer);
    const named = [...text.matchAll(/(?:src|href)="([^"]+\/?static\/[^"]+\?v=\w+)"/g)].map(([, file]) => file);
    const wanted = [...new Set(named)].filter((file) => file.startsWith(`${SITE.root}static/`));
    const missing = await Promise.all(wanted.map(async (file) => (await files.match(file) ? [] : [file])));
    await files.addAll(missing.flat());
    await (await caches.open(PAGES)).put(VARIANT, new Response(variant));
  }
};

const lastVariant = async (store) => (await (await store.match(VARIANT))?.text()) || '';

const noteSeen = async (url, answer) => {
  const store = await caches.open(PAGES);
  const before = await lastVariant(store);
  const { variant } = await keepPage(pathOf(url), answer);
  if (variant !== before) await keepShell(); // another language, or type: the shell as well
  const must = [VARIANT, ...SITE.pages].map((address) => new URL(address, location.href).pathname);
  const others = (await store.keys()).filter((key) => !must.includes(new URL(key.url).pathname));
  await Promise.all(others.slice(0, Math.max(0, others.length - MOST_PAGES)).map((key) => store.delete(key)));
};

const findKept = async (path, asked) => {
  const store = await caches.open(PAGES);
  const last = await lastVariant(store);
  const [lang, type] = last.split('.');
  const wanted = `${{ zh: 'zh-CN', en: 'en' }[asked.get('lang')] || lang}.${asked.get('type') || type}`;
  for (const variant of [wanted, last]) {
    const kept = await store.match(keyOf(path, variant));
    if (kept) return kept;
  }
  return store.match(keyOf(path, ''), { ignoreSearch: true });
};

// The page says itself from when it is: scripts and styles then trust nothing of its states
const asKept = async (kept) => {
  const text = await kept.text();
  const headers = new Headers(kept.headers);
  return new Response(text.replace('<html ', `<html data-kept="${Number(headers.get('X-Kept-At'))}" `), { headers });
};

const withoutLine = async (url) => {
  const path = pathOf(url);
  const asked = new URL(url).searchParams;
  const isFinder = path === '' || path === 'map';
  const kept = await findKept(path, asked) || (isFinder && await findKept('', asked)) || await findKept(SITE.lost.slice(SITE.root.length), asked);
  return kept ? asKept(kept) : null;
};

const page = async (event) => {
  const { url } = event.request;
  const isWhole = [...new URL(url).searchParams.keys()].every((name) => CHOICES.includes(name));
  const asked = fetch(event.request).then((answer) => {
    if (isWhole && isStorable(answer)) event.waitUntil(noteSeen(url, answer.clone()).catch(() => {}));
    return answer;
  });
  const failed = asked.then((answer) => [502, 503, 504].includes(answer.status), () => true);
  const late = new Promise((resolve) => { setTimeout(resolve, WAIT_MS, true); });
  event.waitUntil(failed);
  if (!(await Promise.race([failed, late]))) return asked;
  const has = await findKept(pathOf(url), new URL(url).searchParams);
  if (!has && !(await failed)) return asked; // slow, and nothing else to show
  return await withoutLine(url) || asked;
};

addEventListener('install', (event) => event.waitUntil(keepShell()));

// Only once no page of the former worker is open: none loses the files it may still ask for
addEventListener('activate', (event) => event.waitUntil((async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith('nuanyi-') && ![FILES, PAGES, TILES].includes(name));
  await Promise.all(names.map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

// What a page loaded before this worker was there; the browser's own store still has it
const keepLoaded = async (addresses) => {
  for (const address of addresses) {
    const { origin, pathname, searchParams } = new URL(address);
    const name = origin === location.origin && pathname.startsWith(SITE.root) && storeOf(pathOf(address));
    if (name && searchParams.has('v')) {
      const store = await caches.open(name);
      if (!(await store.match(address, { ignoreVary: true }))) await store.add(address);
    }
  }
};
// The page itself, as it is when nothing is asked for: it came before this worker, or with a question
const keepOpen = async ({ url }) => {
  const { origin, pathname } = new URL(url);
  const path = pathname.startsWith(SITE.root) && pathOf(url);
  if (origin !== location.origin || !path || !isPublic(path) || await findKept(path, new URLSearchParams())) return;
  const answer = await fetch(pathname, { credentials: 'same-origin' });
  if (isStorable(answer)) await noteSeen(`${origin}${pathname}`, answer);
};
addEventListener('message', (event) => {
  if (!Array.isArray(event.data)) return;
  event.waitUntil(Promise.all([keepLoaded(event.data), keepOpen(event.source)]).catch(() => {}));
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || !url.pathname.startsWith(SITE.root)) return;
  const path = pathOf(request.url);
  const name = storeOf(path);
  if (name) event.respondWith(fromStore(event, name));
  else if (request.mode === 'navigate' && isPublic(path)) event.respondWith(page(event));
});
