// Covered and uncovered stretches of routes: class by colour and by dash, never by colour alone.
'use strict';

(() => {
  const REACH = 22; // px around a line that answer to a finger
  const STYLES = { // colour name, px, dash in widths; later ones lie above
    off_network: ['off', 3, null],
    unknown: ['unsure', 3, [3, 5]],
    covered: ['covered', 4, null],
    unusable: ['unusable', 4.5, [0.1, 8]],
    closed: ['gap-closed', 4.5, [10, 7]],
    no_station: ['gap', 5, null],
  };
  const ORDER = Object.keys(STYLES);
  const WIDE_FROM = 15; // zoom below which lines are drawn thinner

  nuanyi.lines = () => ({ addTo: () => {} });

  const styleOf = (name, isFar) => {
    const [colour, px, dash] = STYLES[name] || STYLES.unknown;
    const weight = isFar ? px * 0.6 : px;
    return { color: nuanyi.colour(`line-${colour}`), weight, opacity: 1, dashArray: dash, lineCap: dash && dash[0] > 1 ? 'butt' : 'round', interactive: false };
  };

  const legend = (names) => {
    const { legend: title } = nuanyi.words();
    const box = nuanyi.element('details', 'map-key');
    box.open = matchMedia('(min-width: 40rem)').matches;
    const list = nuanyi.element('ul');
    for (const name of ORDER.filter((one) => names.has(one)).reverse()) {
      const item = nuanyi.element('li');
      const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      const [colour, weight, dash] = STYLES[name];
      svg.setAttribute('class', 'map-line');
      svg.setAttribute('viewBox', '0 0 40 16');
      svg.setAttribute('aria-hidden', 'true');
      line.setAttribute('d', 'M4 8h32');
      line.setAttribute('class', `line-${colour}`);
      line.setAttribute('stroke-width', weight);
      if (dash) line.setAttribute('stroke-dasharray', dash.join(' '));
      line.setAttribute('stroke-linecap', dash && dash[0] > 1 ? 'butt' : 'round');
      svg.append(line);
      item.append(svg, nuanyi.element('span', '', nuanyi.wordOf('classes', name)));
      list.append(item);
    }
    box.append(nuanyi.element('summary', '', title), list);
    return box;
  };

  // Draws features with a property `class`, from an address or as GeoJSON. `tell(properties)` gives
  // the lines of text for a touched one (the first is its head). A promise of {count, fit(), clear()}
  nuanyi.stretches = async (source, { tell = null, fit = true } = {}) => {
    const { map } = nuanyi;
    let data = source;
    if (typeof source === 'string') {
      const answer = await fetch(source);
      if (!answer.ok) throw new Error(`stretches: ${answer.status}`);
      data = await answer.json();
    }
    if (!map.getPane('lines')) map.createPane('lines').style.zIndex = 420;
    const renderer = L.canvas({ pane: 'lines', padding: 0.3, tolerance: REACH });
    const features = data.features.filter((feature) => feature.geometry)
      .sort((one, other) => ORDER.indexOf(one.properties.class) - ORDER.indexOf(other.properties.class));
    const style = (feature) => styleOf(feature.properties.class, map.getZoom() < WIDE_FROM);
    const group = L.geoJSON({ type: 'FeatureCollection', features }, {
      renderer,
      pane: 'lines',
      coordsToLatLng: ([lon, lat]) => nuanyi.toMap(lon, lat),
      style,
    }).addTo(map);
    let shown = null;

    const close = () => {
      if (shown) shown.remove();
      shown = null;
    };
    const nearest = (point) => {
      let best = null;
      group.eachLayer((layer) => {
        if (!layer.getBounds().pad(0.5).contains(map.layerPointToLatLng(point)) && !layer._pxBounds?.contains(point)) return;
        const place = layer.closestLayerPoint(point);
        if (!place || place.distance > REACH) return;
        // of lines equally near the graver one: it lies above
        const rank = Math.floor(place.distance / 8) * ORDER.length - ORDER.indexOf(layer.feature.properties.class);
        if (!best || rank < best.rank) best = { rank, place, layer };
      });
      return best;
    };
    const touch = (event) => {
      close();
      const found = tell && nearest(event.layerPoint);
      if (!found) return false;
      const { feature } = found.layer;
      shown = L.polyline(found.layer.getLatLngs(), { className: 'map-touched', weight: 12, opacity: 0.35, interactive: false }).addTo(map);
      const [head, ...rest] = tell(feature.properties);
      const [lon, lat] = nuanyi.fromMap(map.layerPointToLatLng(found.place));
      nuanyi.openCard(lon, lat, [nuanyi.element('strong', 'map-name', head), ...rest.map((text) => nuanyi.element('p', '', text))], close);
      return true;
    };
    nuanyi.touchables.push(touch);
    const redraw = () => group.setStyle(style);
    nuanyi.onTheme(redraw);
    let wasFar = map.getZoom() < WIDE_FROM;
    map.on('zoomend', () => {
      const isFar = map.getZoom() < WIDE_FROM;
      if (isFar !== wasFar) redraw();
      wasFar = isFar;
    });
    const control = nuanyi.control('topleft', legend(new Set(features.map((feature) => feature.properties.class))));
    const show = () => features.length && map.fitBounds(group.getBounds(), { padding: [32, 32], animate: false });
    if (fit) show();
    return {
      count: features.length,
      fit: show,
      clear: () => {
        close();
        group.remove();
        control.remove();
        nuanyi.touchables.splice(nuanyi.touchables.indexOf(touch), 1);
      },
    };
  };
})();
