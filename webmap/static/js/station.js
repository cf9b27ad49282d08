// The station page: the map with the station, and the way from where the visitor stands.
'use strict';

(() => {
  const { code, lon, lat, kind, state } = document.querySelector('.place-page').dataset;
  const place = [Number(lon), Number(lat)];
  const button = document.getElementById('go');

  const show = async (here) => {
    try {
      const way = await nuanyi.fetchWay(here, code);
      if (!way) return nuanyi.say(nuanyi.texts.noway);
      nuanyi.say(nuanyi.sayWay(way.properties, nuanyi.keptMode()));
      await nuanyi.loadMap();
      nuanyi.setSelf(here.lon, here.lat, here.accuracy ?? null);
      nuanyi.showWay(way.geometry.coordinates);
      return nuanyi.fitTo([...way.geometry.coordinates, place]);
    } catch {
      return nuanyi.say(nuanyi.texts.failed);
    }
  };

  const start = async () => {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const here = await nuanyi.locate();
      if (here) await show(here);
    });
    await nuanyi.loadMap();
    nuanyi.highlight(code, place[0], place[1], kind, state);
    const kept = nuanyi.keptHere();
    if (kept) await show(kept);
    else nuanyi.fitTo([place]);
  };

  start().catch(() => nuanyi.say(nuanyi.texts.failed));
})();
