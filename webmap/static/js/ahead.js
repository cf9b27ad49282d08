// What the map needs to be drawn without a line, fetched once the list is there and nothing else is
// wanted: its scripts, and the streets around. The worker keeps them; nothing is done where data is saved.
'use strict';

(() => {
  const WIDE = 15; // the deepest zoom that has tiles: its nine around are taken
  const FROM = 12; // of those above, the four nearest

  const placeOf = ({ lon, lat }, zoom) => {
    const sine = Math.sin((lat * Math.PI) / 180);
    const down = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
    return [lon / 360 + 0.5, down].map((part) => part * 2 ** zoom);
  };
  const numbers = (part, zoom) => {
    const own = Math.floor(part);
    if (zoom === WIDE) return [own, own - 1, own + 1];
    return [own, part - own < 0.5 ? own - 1 : own + 1];
  };
  const tilesAround = (here, address) => {
    const found = [];
    for (let zoom = WIDE; zoom >= FROM; zoom -= 1) {
      const [across, down] = placeOf(here, zoom).map((part) => numbers(part, zoom));
      for (const y of down) for (const x of across) found.push(address.replace('{z}', zoom).replace('{x}', x).replace('{y}', y));
    }
    return found;
  };

  const isKept = async (address) => Boolean(await caches.match(address, { ignoreVary: true }));
  let isBusy = false;

  // A position is asked for in numbers of tiles only, of a kilometre; one after the other
  nuanyi.fetchAhead = async (here) => {
    if (isBusy) return;
    isBusy = true;
    try {
      const { styles, scripts, tiles } = JSON.parse(document.getElementById('map_parts').textContent);
      for (const address of [...styles, ...scripts, ...(tiles ? tilesAround(here, tiles) : [])]) {
        if (!(await isKept(address))) await fetch(address);
      }
    } catch { /* no line: the next time */ }
    isBusy = false;
  };
})();
