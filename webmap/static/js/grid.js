// The stations of the view, asked for by window from the server's grid and drawn on one canvas:
// clusters with their number, single stations by kind and state. The list is its accessible twin.
'use strict';

(() => {
  const CELL = 64; // px of the server's grid
  const STEPS = 2; // a cell is a tile, this many zooms deeper
  const GAP = 6; // px between clusters
  const SNAP = 8; // cells: windows begin and end at multiples, so that their answers are kept
  const MOST = 4096; // cells of one window
  const TOUCH = 22; // px around a middle that answer to a finger
  const SIZE = 26; // px of a single mark
  const WAIT_MS = 120;
  const AGAIN_MS = 10000; // after a failure
  const FRESH_MS = 60000; // states change with the clock
  const SINGLES_FROM = 17; // zoom from which only stations at one place stay together
  const FINER_FROM = 16; // zoom from which cells of half the size are asked for: streets are wide

  const cellOf = ({ lat, lng }, zoom) => {
    const count = 2 ** (zoom + STEPS);
    const sine = Math.sin((lat * Math.PI) / 180);
    const across = lng / 360 + 0.5;
    const down = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
    return [across, down].map((part) => Math.min(Math.max(Math.floor(part * count), 0), count - 1));
  };

  const windowOf = (map, zoom) => {
    const last = 2 ** (zoom + STEPS) - 1;
    const bounds = map.getBounds();
    const [west, north] = cellOf(bounds.getNorthWest(), zoom);
    const [east, south] = cellOf(bounds.getSouthEast(), zoom);
    const snapped = (from, to) => [Math.floor(from / SNAP) * SNAP, Math.min(Math.ceil((to + 1) / SNAP) * SNAP - 1, last)];
    const [x0, x1] = snapped(west, east);
    const [y0, y1] = snapped(north, south);
    return (x1 - x0 + 1) * (y1 - y0 + 1) > MOST ? null : `${zoom}/${x0}/${y0}/${x1}/${y1}`;
  };
  const addressOf = (map) => {
    const zoom = Math.round(map.getZoom());
    const finer = zoom >= FINER_FROM && zoom < SINGLES_FROM ? windowOf(map, zoom + 1) : null;
    return finer || windowOf(map, zoom) || windowOf(map, zoom - 1); // the last on walls of screens
  };

  // Clusters stand at the middle of their stations, which may lie near each other across the border
  // of two cells: what would overlap is drawn as one
  const radiusOf = (count) => (count > 1 ? 14 + Math.min(8, 2.2 * Math.log10(count) ** 1.4) : SIZE / 2);
  const merged = (cells, at) => {
    const fewer = mergedOnce(cells, at);
    return fewer.length < cells.length ? merged(fewer, at) : cells;
  };
  const mergedOnce = (cells, at) => {
    const left = cells.map((cell) => ({ cell, ...at(cell) })).sort((one, other) => other.cell[2] - one.cell[2]);
    const drawn = [];
    for (const one of left) {
      const near = drawn.find((other) => Math.hypot(one.x - other.x, one.y - other.y) < radiusOf(one.cell[2]) + radiusOf(other.cell[2]) + (one.cell[2] > 1 ? GAP : 0));
      if (!near) {
        drawn.push(one);
        continue;
      }
      const [n, m] = [near.cell[2], one.cell[2]];
      const mean = (a, b) => (a * n + b * m) / (n + m);
      near.cell = [mean(near.cell[0], one.cell[0]), mean(near.cell[1], one.cell[1]), n + m, near.cell[3] + one.cell[3], '', ''];
      Object.assign(near, at(near.cell));
    }
    return drawn.map(({ cell }) => cell);
  };

  // Images of the page's own marks, on a ground that parts them from the streets
  const images = new Map();
  const imageOf = (kind, state, onLoad) => {
    const key = `${kind} ${state} ${nuanyi.isDark()}`;
    if (!images.has(key)) images.set(key, drawMark(kind, state, onLoad));
    const image = images.get(key);
    return image && image.complete && image.naturalWidth ? image : null;
  };
  const COLOURS = { open: 'open', opens_soon: 'soon', closes_before_arrival: 'soon', reported_locked: 'locked' };
  const drawMark = (kind, state, onLoad) => {
    const symbol = document.getElementById(`m-${kind}-${state || 'none'}`);
    if (!symbol) return null;
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '-3 -3 30 30');
    svg.setAttribute('width', 3 * SIZE);
    svg.setAttribute('height', 3 * SIZE);
    svg.setAttribute('color', nuanyi.colour(COLOURS[state] || 'closed'));
    svg.setAttribute('font-family', 'sans-serif');
    const ground = symbol.firstElementChild.cloneNode(true);
    for (const [name, value] of Object.entries({ fill: nuanyi.colour('card'), stroke: nuanyi.colour('card'), 'stroke-width': 6 })) {
      ground.setAttribute(name, value);
    }
    ground.removeAttribute('stroke-dasharray');
    svg.append(ground, ...[...symbol.children].map((child) => child.cloneNode(true)));
    const image = new Image();
    image.addEventListener('load', onLoad);
    image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
    return image;
  };

  let chosen = null;
  const layers = [];
  // Shows the stations as they are at a local moment, as 2026-11-09T04:00; null: now
  nuanyi.stationsAt = (moment) => {
    if (moment === chosen) return;
    chosen = moment;
    for (const layer of layers) layer.askAnew();
  };

  const Stations = L.Renderer.extend({
    options: { padding: 0.3, pane: 'stations' },

    initialize(settings) {
      L.Renderer.prototype.initialize.call(this, {});
      this._settings = settings;
      this._cells = [];
    },

    onAdd(map) {
      const pane = map.getPane('stations') || map.createPane('stations');
      pane.classList.add('map-stations');
      pane.classList.toggle('map-quiet', this._settings.faint);
      L.Renderer.prototype.onAdd.call(this);
      this._alert = nuanyi.element('p', 'map-alert', nuanyi.words().failed);
      this._alert.setAttribute('role', 'status');
      this._alert.hidden = true;
      map.getContainer().append(this._alert);
      this._redraw = () => this._draw();
      nuanyi.onTheme(this._redraw);
      document.addEventListener('visibilitychange', () => !document.hidden && this._askIfOld());
      setInterval(() => !document.hidden && this._askIfOld(), FRESH_MS);
      if (!this._settings.quiet) {
        nuanyi.touchables.push((event) => this._touch(event));
        map.on('mousemove', this._point, this);
      }
      layers.push(this);
      this._askSoon(0);
    },

    getEvents() {
      const events = L.Renderer.prototype.getEvents.call(this);
      const { moveend } = events;
      return { ...events, moveend() { moveend.call(this); this._askSoon(WAIT_MS); } };
    },

    _initContainer() {
      this._container = nuanyi.element('canvas');
      this._container.setAttribute('aria-hidden', 'true');
      this._context = this._container.getContext('2d');
    },
    _destroyContainer() { this._container.remove(); },
    _onZoomEnd() {},
    _updatePaths() {},

    _update() {
      if (this._map._animatingZoom && this._bounds) return; // as Leaflet's own canvas
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      const scale = window.devicePixelRatio || 1;
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this._container.width = scale * size.x;
      this._container.height = scale * size.y;
      this._container.style.width = `${size.x}px`;
      this._container.style.height = `${size.y}px`;
      this._draw();
    },

    _askSoon(wait) {
      clearTimeout(this._soon);
      this._soon = setTimeout(() => this._ask(), wait);
    },
    _askIfOld() {
      if (Date.now() - (this._askedAt || 0) >= FRESH_MS - 1000) this._ask();
    },

    async _ask() {
      if (!this._map || !this._map.getSize().x) return;
      const zoom = Math.round(this._map.getZoom());
      if (zoom < (this._settings.from_zoom || 0)) {
        this._clear();
        return;
      }
      const path = addressOf(this._map);
      if (path === this._path && Date.now() - this._askedAt < FRESH_MS) return;
      this._abort?.abort();
      const abort = new AbortController();
      this._abort = abort;
      try {
        const at = chosen || new URLSearchParams(location.search).get('at');  // another time than now
        const query = at ? `?${new URLSearchParams({ at })}` : '';
        const answer = await fetch(`${nuanyi.root}/api/v1/grid/${path}${query}`, { signal: abort.signal });
        if (!answer.ok) throw new Error(`grid: ${answer.status}`);
        const { cells } = await answer.json();
        const placeOf = ([lon, lat]) => this._map.project(nuanyi.toMap(lon, lat), zoom);
        this._cells = zoom < SINGLES_FROM ? merged(cells, placeOf) : cells;
        this._path = path;
        this._askedAt = Date.now();
        this._alert.hidden = true;
        this._draw();
      } catch (error) {
        if (error.name === 'AbortError') return;
        await this._takeKept(chosen || new URLSearchParams(location.search).get('at'));
        this._askSoon(AGAIN_MS);
      }
    },

    // Without a line: the stations that the phone keeps, if it does
    async _takeKept(at) {
      const zoom = Math.round(this._map.getZoom());
      const cells = nuanyi.keptCells && await nuanyi.keptCells(this._map.getBounds().pad(0.3), at).catch(() => null);
      const placeOf = ([lon, lat]) => this._map.project(nuanyi.toMap(lon, lat), zoom);
      if (cells) this._cells = zoom < SINGLES_FROM ? merged(cells, placeOf) : cells;
      this._path = null;
      this._alert.hidden = Boolean(cells);
      this._draw();
    },

    // The same stations at another moment
    askAnew() {
      this._path = null;
      this._askSoon(WAIT_MS);
    },

    // Too far away for stations: what else is on the map matters more
    _clear() {
      this._abort?.abort();
      this._cells = [];
      this._path = null;
      this._alert.hidden = true;
      this._draw();
    },

    _draw() {
      if (!this._map || !this._bounds) return;
      const scale = window.devicePixelRatio || 1;
      const context = this._context;
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, this._container.width, this._container.height);
      context.translate(-this._bounds.min.x, -this._bounds.min.y);
      const at = ([lon, lat]) => this._map.latLngToLayerPoint(nuanyi.toMap(lon, lat));
      const ordered = [...this._cells].sort((one, other) => one[2] - other[2] || other[1] - one[1]);
      const colours = Object.fromEntries(['card', 'ink', 'open', 'edge'].map((name) => [name, nuanyi.colour(name)]));
      for (const cell of ordered) {
        const point = at(cell);
        if (!this._bounds.contains(point)) continue;
        if (cell[2] > 1) this._drawCluster(point, cell, colours);
        else this._drawMark(point, cell);
      }
    },

    _drawMark(point, [, , , , kind, state]) {
      const image = imageOf(kind, state, this._redraw);
      const side = (SIZE * 30) / 24;
      if (image) this._context.drawImage(image, point.x - side / 2, point.y - side / 2, side, side);
    },

    _drawCluster({ x, y }, [, , count, open], colours) {
      const context = this._context;
      const radius = radiusOf(count);
      const ring = 3.5;
      const turn = -Math.PI / 2;
      context.beginPath();
      context.arc(x, y, radius + ring, 0, 2 * Math.PI);
      context.fillStyle = colours.card;
      context.fill();
      context.lineWidth = ring;
      context.lineCap = 'butt';
      for (const [colour, from, to] of [[colours.edge, 0, 1], [colours.open, 0, open / count]]) {
        if (from === to) continue;
        context.beginPath();
        context.arc(x, y, radius, turn + from * 2 * Math.PI, turn + to * 2 * Math.PI);
        context.strokeStyle = colour;
        context.stroke();
      }
      const text = count < 10000 ? String(count) : `${Math.round(count / 1000)}k`;
      context.font = `600 ${text.length > 3 ? 12 : 14}px ${this._family ||= getComputedStyle(document.body).fontFamily}`;
      context.fillStyle = colours.ink;
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.fillText(text, x, y + 1);
    },

    // The nearest cell within a finger's width
    _near(containerPoint) {
      const spread = this._cells.map((cell) => [
        this._map.latLngToContainerPoint(nuanyi.toMap(cell[0], cell[1])).distanceTo(containerPoint), cell,
      ]);
      return spread.reduce((best, one) => (one[0] <= TOUCH && (!best || one[0] < best[0]) ? one : best), null)?.[1];
    },

    _point(event) {
      const isOver = Boolean(this._near(event.containerPoint));
      this._map.getContainer().classList.toggle('map-over', isOver);
    },

    _touch(event) {
      const cell = this._near(event.containerPoint);
      if (!cell) {
        nuanyi.closeStation();
        return false;
      }
      const [lon, lat, count, , kind, state, code] = cell;
      if (count === 1) nuanyi.openStation({ code, lon, lat, kind, state });
      else if (Array.isArray(code)) nuanyi.openStations(code, count, lon, lat);
      else this._map.setView(nuanyi.toMap(lon, lat), Math.min(this._map.getZoom() + 2, Math.max(SINGLES_FROM, this._map.getZoom() + 1)));
      return true;
    },
  });

  // What the marks mean
  const legend = (map, isAlone) => {
    const { legend: title, kinds, states, cluster } = nuanyi.words();
    const box = nuanyi.element('details', 'map-key');
    box.open = isAlone && map.getSize().x > 1000;
    box.append(nuanyi.element('summary', '', title));
    const rows = (pairs) => {
      const list = nuanyi.element('ul');
      for (const [node, word] of pairs) {
        const item = nuanyi.element('li');
        item.append(node, nuanyi.element('span', '', word));
        list.append(item);
      }
      return list;
    };
    const seen = states.filter(([state]) => state !== 'closes_before_arrival'); // of no use here: nobody is on the way
    box.append(
      rows(seen.map(([state, word]) => [nuanyi.mark('rest_station', state), word])),
      rows(kinds.map(([kind, word]) => [nuanyi.mark(kind, 'closed'), word])),
      rows([[nuanyi.element('span', 'map-number', '8'), cluster]]),
    );
    return box;
  };

  nuanyi.grid = (settings) => {
    const layer = new Stations(settings);
    if (!settings.quiet) layer.on('add', () => nuanyi.control('topright', legend(layer._map, !settings.faint)));
    return layer;
  };
})();
