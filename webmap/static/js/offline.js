// Without a line: starts the service worker, keeps the stations around on this phone, and answers from
// them when the site cannot be reached. No position is kept. The rest is loaded when it is wanted.
'use strict';
window.nuanyi = window.nuanyi || {};

(() => {
  const { worker, pack: address, ahead, station, scripts, words } = document.currentScript.dataset;
  const root = document.documentElement;
  const FRESH_MS = 30 * 60 * 1000; // a pack so young is not asked for again
  const AROUND_M = 3000; // nor if its stations are those around
  const SOON_MS = 2 * 60 * 1000;
  const PATIENCE_MS = 15000;
  const texts = JSON.parse(words);

  nuanyi.stationRoot = station; // before a code
  nuanyi.keptAt = Number(root.dataset.kept) || null; // set by the worker on a page from before
  const patience = () => (nuanyi.keptAt ? 6000 : PATIENCE_MS);

  // --- one record in the phone's own store
  const record = (mode, act) => new Promise((resolve, reject) => {
    const asked = indexedDB.open('nuanyi', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore('kept');
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      const change = asked.result.transaction('kept', mode);
      const done = act(change.objectStore('kept'));
      change.oncomplete = () => {
        asked.result.close();
        resolve(done.result);
      };
      change.onabort = () => reject(change.error);
    };
  });
  const read = async () => {
    try {
      const pack = await record('readonly', (store) => store.get('pack'));
      return pack?.tell ? pack : null; // one of a former version lacks what is said now
    } catch {
      return null; // a browser that keeps nothing
    }
  };

  let loading = null;
  const loadScript = (src) => new Promise((resolve, reject) => {
    const node = Object.assign(document.createElement('script'), { src, async: false });
    node.addEventListener('load', resolve);
    node.addEventListener('error', () => reject(new Error(src)));
    document.head.append(node);
  });
  // The pack and what reads it; null where nothing is kept
  nuanyi.readPack = async () => {
    const pack = await read();
    if (!pack) return null;
    loading = loading || Promise.all(JSON.parse(scripts).map(loadScript)).catch((error) => {
      loading = null;
      throw error;
    });
    await loading;
    return pack;
  };

  // --- keeping
  const isFresh = (kept, { lon, lat }) => {
    const age = Date.now() - kept.made;
    if (kept.lang !== root.lang.slice(0, 2) || age > FRESH_MS || age < 0) return false;
    const first = kept.stations[0]; // the nearest to where it was asked for
    if (!first || age < SOON_MS) return age < SOON_MS;
    return Math.hypot((first.lat - lat) * 111e3, (first.lon - lon) * 111e3 * Math.cos((lat * Math.PI) / 180)) < AROUND_M;
  };

  // The map as well, once nothing else is wanted
  const whenIdle = () => new Promise((then) => (window.requestIdleCallback || setTimeout)(then));
  const isRuled = () => navigator.serviceWorker.controller || new Promise((then) => {
    navigator.serviceWorker.addEventListener('controllerchange', then, { once: true });
  });
  const lookAhead = async (here) => {
    if (nuanyi.keptAt || navigator.connection?.saveData || !document.getElementById('map_parts')) return;
    await isRuled();
    await whenIdle();
    if (!nuanyi.fetchAhead) await loadScript(ahead);
    await nuanyi.fetchAhead(here);
  };

  nuanyi.keepPack = async (here) => {
    try {
      if (!navigator.serviceWorker) return; // a page that cannot be opened again needs no stations
      await navigator.serviceWorker.ready;
      lookAhead(here).catch(() => {}); // no line: the next time
      const kept = await read();
      if (kept && isFresh(kept, here)) return;
      const [lon, lat] = [here.lon, here.lat].map((degrees) => degrees.toFixed(2)); // to a kilometre
      const got = await fetch(`${address}?lon=${lon}&lat=${lat}`);
      if (!got.ok) return;
      const made = await got.json();
      await record('readwrite', (store) => store.put(made, 'pack'));
    } catch { /* no line, or no room: the next time */ }
  };

  // Who gave no position is given the stations of the page
  const keepOfPage = () => {
    const node = document.querySelector('[data-code][data-lon]');
    if (node && !nuanyi.keptHere?.()) nuanyi.keepPack({ lon: Number(node.dataset.lon), lat: Number(node.dataset.lat) });
  };

  // --- asking with patience, and answering without the site
  nuanyi.fetchSoon = async (what) => {
    const stop = new AbortController();
    const timer = setTimeout(async () => await read() && stop.abort(), patience()); // nothing else to show: go on
    try {
      const got = await fetch(what, { signal: stop.signal });
      const text = await got.text();
      clearNote();
      return new Response(text, { status: got.status, headers: got.headers });
    } finally {
      clearTimeout(timer);
    }
  };

  // Near a position, as a part of the finder's page; null where nothing is kept of that place
  nuanyi.keptAnswer = async (here, query) => {
    try {
      const pack = await nuanyi.readPack();
      const found = pack && nuanyi.packList.answer(pack, here, query);
      if (found) clearNote();
      return found;
    } catch {
      return null;
    }
  };
  // For the map: stations as its grid has them
  nuanyi.keptCells = async (bounds, at) => {
    const pack = await nuanyi.readPack();
    return pack && nuanyi.packList.cells(pack, bounds, at);
  };

  // Where the visitor last said to stand in this tab, though the page has no script that knows it
  nuanyi.lastHere = () => {
    try {
      return JSON.parse(sessionStorage.getItem('here'));
    } catch {
      return null;
    }
  };

  nuanyi.keptName = async (code) => (await read())?.stations.find((one) => one.code === code)?.name;

  // --- a page from before says so, and what it says of open and shut is judged anew
  const clearNote = () => {
    for (const note of document.querySelectorAll('.kept-note.of-page')) note.remove();
  };
  // On the stations' clock: 14:05, or the day as well
  nuanyi.sayWhen = (ms) => {
    const timeZone = 'Asia/Shanghai';
    const day = (moment) => new Date(moment).toLocaleDateString(root.lang, { month: 'long', day: 'numeric', timeZone });
    const clock = new Date(ms).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).replace(/^0/, '');
    return day(ms) === day(Date.now()) ? clock : `${day(ms)} ${clock}`;
  };
  nuanyi.keptNote = (text) => {
    const note = Object.assign(document.createElement('div'), { className: 'notice kept-note' });
    const again = Object.assign(document.createElement('button'), { type: 'button', className: 'second', textContent: texts.again });
    again.addEventListener('click', () => location.reload());
    note.setAttribute('role', 'status');
    note.append(Object.assign(document.createElement('p'), { textContent: text }), again);
    return note;
  };
  const openKept = async () => {
    const asked = new URLSearchParams(location.search);
    const isLost = document.body.classList.contains('lost-page');
    if (!isLost) {
      const text = [...asked.keys()].every((name) => ['lang', 'type', 'mode', 'q'].includes(name)) ? texts.kept : texts.other;
      const note = nuanyi.keptNote(text.replace('{when}', nuanyi.sayWhen(nuanyi.keptAt)));
      note.classList.add('of-page');
      (document.querySelector('.side') || document.getElementById('main')).prepend(note);
    }
    const pack = await nuanyi.readPack().catch(() => null);
    if (pack && isLost) nuanyi.packList.fillPage(pack);
    if (pack) nuanyi.packList.search(pack, asked);
    for (const node of document.querySelectorAll('[data-code][data-state]')) {
      if (pack) nuanyi.packList.judgeAnew(pack, node, texts.unseen);
      else if (node.dataset.state) node.querySelector('.line').textContent = texts.unseen; // "": out of use, and stays so
    }
    root.dataset.told = '';
    addEventListener('online', () => {
      if (!document.activeElement?.matches('input, select, textarea')) location.reload();
    });
  };

  if (nuanyi.keptAt) openKept();
  if (!navigator.serviceWorker) return;
  addEventListener('load', () => setTimeout(async () => {
    try {
      await navigator.serviceWorker.register(worker);
      if (nuanyi.keptAt) return;
      keepOfPage();
      const { active } = await navigator.serviceWorker.ready;
      active.postMessage(performance.getEntriesByType('resource').map(({ name }) => name)); // loaded before it was there
    } catch { /* a browser that wants none: all works as before, with a line */ }
  }, 1000));
})();
