// The map's frame: what is shown first, buttons, credits, the visitor, the way, a marked station.
// Callers speak WGS-84 lon, lat everywhere; Leaflet's lat, lng and a provider's datum stay in here.
'use strict';
window.nuanyi = window.nuanyi || {};

(() => {
  const SELDOM = 17; // zoom that showing a few places does not go beyond
  const MARGIN = [40, 56]; // px around what is shown
  const CUT = 1.35; // at first the whole may be this much larger than the map: streets, not a stamp
  let map = null;
  let words = {};
  let pending = null; // a box to show once the map has a size
  let self = null;
  let way = null;
  let marked = null;

  nuanyi.toMap = (lon, lat) => L.latLng(lat, lon);
  nuanyi.fromMap = (place) => {
    const { lat, lng } = place.wrap();
    return [lng, lat];
  };

  // The page's own colours, which follow the theme
  nuanyi.colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const dark = matchMedia('(prefers-color-scheme: dark)');
  nuanyi.isDark = () => dark.matches;
  nuanyi.onTheme = (callback) => dark.addEventListener('change', callback);

  // A station's mark as an element: the kind by its outline, the state by what is inside
  nuanyi.mark = (kind, state) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    svg.setAttribute('class', `mark is-${state || 'none'}`);
    svg.setAttribute('aria-hidden', 'true');
    use.setAttribute('href', `#m-${kind}-${state || 'none'}`);
    svg.append(use);
    return svg;
  };

  nuanyi.element = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text) node.textContent = text;
    return node;
  };

  const pin = (node, lon, lat, size, zIndexOffset) => L.marker(nuanyi.toMap(lon, lat), {
    icon: L.divIcon({ html: node, className: 'map-pin', iconSize: [size, size] }),
    interactive: false,
    keyboard: false,
    zIndexOffset,
  });

  // Where the visitor stands; without arguments: nowhere
  nuanyi.setSelf = (lon, lat, accuracy_m = null) => {
    if (self) self.remove();
    self = null;
    if (lon === null || lon === undefined) return;
    const dot = nuanyi.element('span', 'map-self');
    dot.title = words.you;
    self = L.layerGroup([pin(dot, lon, lat, 22, 1000)]);
    if (accuracy_m > 15) {
      self.addLayer(L.circle(nuanyi.toMap(lon, lat), { radius: accuracy_m, className: 'map-about', interactive: false }));
    }
    self.addTo(map);
  };

  // A way on foot, [[lon, lat], ...]; null takes it away
  nuanyi.showWay = (coordinates) => {
    if (way) way.remove();
    way = null;
    if (!coordinates || coordinates.length < 2) return;
    const line = coordinates.map(([lon, lat]) => nuanyi.toMap(lon, lat));
    const options = { interactive: false, smoothFactor: 1 };
    way = L.layerGroup([
      L.polyline(line, { ...options, weight: 10, opacity: 1, className: 'map-way-edge' }),
      L.polyline(line, { ...options, weight: 6, opacity: 1, className: 'map-way' }),
    ]).addTo(map);
  };

  // Marks one station, large; null takes the mark away
  nuanyi.highlight = (code, lon, lat, kind, state) => {
    if (marked) marked.remove();
    marked = null;
    if (code === null || code === undefined) return;
    const node = nuanyi.element('span', 'map-marked');
    node.append(nuanyi.mark(kind, state));
    marked = pin(node, lon, lat, 48, 500).addTo(map);
  };

  const show = () => {
    const size = map.getSize();
    if (!pending || !size.x || !size.y) return;
    const { bounds, margin, cut, covered = 0 } = pending;
    pending = null;
    const [one, other] = [bounds.getSouthWest(), bounds.getNorthEast()].map((corner) => map.project(corner, 0));
    const room = size.subtract(L.point(margin).multiplyBy(2)).subtract([0, covered]).multiplyBy(cut);
    const most = Math.min(room.x / (other.x - one.x), room.y / (one.y - other.y));
    map.setView(bounds.getCenter(), Math.min(Math.floor(Math.log2(most)), SELDOM), { animate: false });
    if (covered) map.panBy([0, covered / 2], { animate: false });
  };

  // Shows all of some places, [[lon, lat], ...], above the pixels that something covers at the bottom
  nuanyi.fitTo = (places, covered = 0) => {
    if (!places.length) return;
    const bounds = L.latLngBounds(places.map(([lon, lat]) => nuanyi.toMap(lon, lat)));
    pending = { bounds, margin: MARGIN, cut: 1, covered };
    show();
  };

  // Touches of the ground, where no station is: callback({lon, lat})
  const onGround = [];
  nuanyi.onGround = (callback) => onGround.push(callback);
  nuanyi.touchGround = (place) => {
    const [lon, lat] = nuanyi.fromMap(place);
    for (const callback of onGround) callback({ lon, lat });
  };
  // Touches of a station: callback({code, lon, lat})
  const onStation = [];
  nuanyi.onStation = (callback) => onStation.push(callback);
  nuanyi.touchStation = (station) => {
    for (const callback of onStation) callback(station);
  };
  // Layers that answer to a touch: asked in turn with the event, until one returns true
  nuanyi.touchables = [];

  // Whose data is drawn: [{text, href}], by DOM, as an operator's words are no HTML
  const credits = nuanyi.element('p', 'map-credits');
  nuanyi.setCredits = (list) => {
    credits.replaceChildren(...list.map(({ text, href }) => {
      const node = nuanyi.element(href ? 'a' : 'span', '', text);
      if (href) Object.assign(node, { href, target: '_blank', rel: 'noopener' });
      return node;
    }));
  };

  nuanyi.control = (position, node) => {
    const control = L.control({ position });
    control.onAdd = () => {
      L.DomEvent.disableClickPropagation(node).disableScrollPropagation(node);
      return node;
    };
    return control.addTo(map);
  };

  nuanyi.words = () => words;
  // A word of one of the lists: kinds, states
  nuanyi.wordOf = (list, code) => words[list].find(([one]) => one === code)?.[1] || '';
  nuanyi.root = '';

  // The first layer of every map
  nuanyi.view = (settings) => ({
    addTo: (made) => {
      map = made;
      words = settings.words;
      nuanyi.root = settings.root;
      pending = { bounds: L.latLngBounds(settings.box), margin: [0, 0], cut: CUT };
      show();
      L.control.zoom({ position: 'bottomright', zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
      nuanyi.control('bottomleft', credits);
      new ResizeObserver(() => {
        map.invalidateSize({ pan: false, debounceMoveend: true });
        show();
      }).observe(map.getContainer());
      map.on('click', (event) => {
        if (!nuanyi.touchables.some((touch) => touch(event))) nuanyi.touchGround(event.latlng);
      });
      queueMicrotask(() => nuanyi.mapIsReady(map)); // after the rest of the map's script
    },
  });
})();
