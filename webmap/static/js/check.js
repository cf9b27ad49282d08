// The check page: some of the positions on a map, and the own limit chosen as soon as it is typed.
'use strict';
window.nuanyi = window.nuanyi || {};

(() => {
  const DOT = 4; // px
  nuanyi.positions = () => ({ addTo: () => {} });
  const at = (id) => document.getElementById(id);

  const own = at('own_limit');
  own?.addEventListener('focus', () => {
    own.form.querySelector('[name="limit"][value="own"]').checked = true;
  });

  const draw = (places) => {
    if (!places.length) return;
    const { map } = nuanyi;
    const renderer = L.canvas({ padding: 0.3 });
    const style = () => ({ color: nuanyi.colour('card'), weight: 1, fillColor: nuanyi.colour('accent'), fillOpacity: 0.85 });
    const dots = places.map(([lon, lat]) => L.circleMarker(nuanyi.toMap(lon, lat), { renderer, radius: DOT, interactive: false, ...style() }));
    const group = L.featureGroup(dots).addTo(map);
    nuanyi.onTheme(() => group.setStyle(style()));
    nuanyi.fitTo(places);
    at('look-note').dataset.count = String(places.length);
  };

  const page = at('check');
  if (!page || !nuanyi.whenMap || at('check').dataset.drawn) return;
  page.dataset.drawn = 'yes'; // the map's own list names this file again
  const { positions, failed } = JSON.parse(page.textContent);
  nuanyi.whenMap(async () => {
    try {
      const answer = await fetch(positions);
      if (!answer.ok) throw new Error(`${answer.status}`);
      draw((await answer.json()).positions);
    } catch (error) {
      console.warn(error);
      at('look-note').textContent = failed;
    }
  });
})();
