// Stretches of routes on one canvas: class by colour and by dash, never by colour alone.
// All of them stay in flat arrays, so that a move of the hour redraws tens of thousands of points.
'use strict';

(() => {
  const REACH = 22; // px around a line that answer to a finger
  const STYLES = { // colour name, px, dash; later ones lie above
    off_network: ['off', 3, null],
    unknown: ['unsure', 3, [3, 5]],
    covered: ['covered', 4, null],
    unusable: ['unusable', 4.5, [0.1, 8]],
    closed: ['gap-closed', 4.5, [10, 7]],
    no_station: ['gap', 5, null],
  };
  const ORDER = Object.keys(STYLES);
  const FAR = 15; // zoom below which lines are drawn thinner
  const WORDS = 6; // of 32 bits hold the 168 hours of a week
  const BATCH = 2000; // points stroked at once: long paths are slow
  const STEP = 1.2; // px below which a point adds nothing

  nuanyi.lines = () => ({ addTo: () => {} });

  // The line of a class as in the legend, for lists beside the map
  nuanyi.lineSample = (name) => {
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
    return svg;
  };

  // Features as flat arrays: where each begins, its places on a world of 256 px, its box, its hours
  const pack = (features, project) => {
    const first = new Int32Array(features.length + 1);
    features.forEach((feature, row) => { first[row + 1] = first[row] + feature.geometry.coordinates.length; });
    const n = first[features.length];
    const [x, y] = [new Float64Array(n), new Float64Array(n)];
    const box = new Float64Array(4 * features.length);
    const hours = new Uint32Array(WORDS * features.length);
    features.forEach(({ geometry, properties }, row) => {
      let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
      geometry.coordinates.forEach(([lon, lat], place) => {
        const point = project(lon, lat);
        x[first[row] + place] = point.x;
        y[first[row] + place] = point.y;
        west = Math.min(west, point.x);
        east = Math.max(east, point.x);
        north = Math.min(north, point.y);
        south = Math.max(south, point.y);
      });
      box.set([west, north, east, south], 4 * row);
      for (const hour of properties.hours) hours[WORDS * row + (hour >> 5)] |= 1 << (hour & 31);
    });
    return { first, x, y, box, hours };
  };

  const classCodes = (features, judge) => Uint8Array.from(features, ({ properties }) => Math.max(0, ORDER.indexOf(properties[judge])));

  const distance2 = (px, py, ax, ay, bx, by) => {
    const [dx, dy] = [bx - ax, by - ay];
    const length2 = dx * dx + dy * dy;
    const t = length2 ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length2)) : 0;
    return (px - ax - t * dx) ** 2 + (py - ay - t * dy) ** 2;
  };

  // One canvas of Leaflet's that is moved and zoomed with the map, but painted by us
  const sheetOf = (paint) => new (L.Canvas.extend({
    _updatePaths() {
      paint(this._ctx, this._bounds);
    },
    // another projection of the map: what was computed for the old one is wrong
    _reset() {
      L.Canvas.prototype._reset.call(this);
      this._updatePaths();
    },
    repaint() {
      if (!this._ctx || !this._bounds) return;
      const size = this._bounds.getSize();
      this._ctx.clearRect(this._bounds.min.x, this._bounds.min.y, size.x, size.y);
      paint(this._ctx, this._bounds);
    },
  }))({ pane: 'lines', padding: 0.2 });

  // Draws the features of a result's stretches on a map. `show` says which: judgement, hour of the
  // week (null: all), classes, area and shift (null: all)
  nuanyi.stretches = (data, map = nuanyi.map) => {
    if (!map.getPane('lines')) map.createPane('lines').style.zIndex = 420;
    const features = data.features.filter((feature) => feature.geometry);
    const codes = Object.fromEntries(['effective', 'nominal', 'straight'].map((judge) => [judge, classCodes(features, judge)]));
    const project = (lon, lat) => map.project(nuanyi.toMap(lon, lat), 0);
    let { crs } = map.options;
    let packed = pack(features, project);
    let chosen = { judge: 'effective', hour: null, classes: new Set(ORDER), area: null, shift: null };
    let rows = new Int32Array(0);

    const refresh = () => {
      const { judge, hour, classes, area, shift } = chosen;
      const wanted = ORDER.map((name) => classes.has(name));
      const code = codes[judge];
      const found = [];
      for (let row = 0; row < features.length; row += 1) {
        const cells = features[row].properties;
        if (wanted[code[row]]
          && (hour === null || (packed.hours[WORDS * row + (hour >> 5)] >>> (hour & 31)) & 1)
          && (area === null || cells.area === area) && (shift === null || cells.shift === shift)) found.push(row);
      }
      // graver classes lie above
      rows = Int32Array.from(found).sort((one, other) => code[one] - code[other] || one - other);
    };

    const trace = (ctx, row, scale, origin) => {
      const { first, x, y } = packed;
      const last = first[row + 1] - 1;
      let [px, py] = [x[first[row]] * scale - origin.x, y[first[row]] * scale - origin.y];
      ctx.moveTo(px, py);
      let count = 1;
      for (let place = first[row] + 1; place <= last; place += 1) {
        const [nx, ny] = [x[place] * scale - origin.x, y[place] * scale - origin.y];
        if (place === last || Math.abs(nx - px) + Math.abs(ny - py) > STEP) {
          ctx.lineTo(nx, ny);
          [px, py] = [nx, ny];
          count += 1;
        }
      }
      return count;
    };

    const paint = (ctx, bounds) => {
      if (map.options.crs !== crs) {
        crs = map.options.crs;
        packed = pack(features, project);
      }
      const zoom = map.getZoom();
      const scale = 2 ** zoom;
      const origin = map.getPixelOrigin();
      const [west, east] = [bounds.min.x, bounds.max.x].map((edge) => (edge + origin.x) / scale);
      const [north, south] = [bounds.min.y, bounds.max.y].map((edge) => (edge + origin.y) / scale);
      const code = codes[chosen.judge];
      const { box } = packed;
      let [at, count] = [-1, 0];
      ctx.lineJoin = 'round';
      ctx.beginPath();
      for (const row of rows) {
        const b = 4 * row;
        if (box[b] > east || box[b + 2] < west || box[b + 1] > south || box[b + 3] < north) continue;
        if (code[row] !== at || count > BATCH) {
          if (count) ctx.stroke();
          ctx.beginPath();
          count = 0;
          if (code[row] !== at) {
            at = code[row];
            const [colour, px, dash] = STYLES[ORDER[at]];
            const thin = zoom < FAR ? 0.6 : 1;
            ctx.strokeStyle = nuanyi.colour(`line-${colour}`);
            ctx.lineWidth = px * thin;
            ctx.lineCap = dash && dash[0] > 1 ? 'butt' : 'round';
            ctx.setLineDash((dash || []).map((part) => part * thin));
          }
        }
        count += trace(ctx, row, scale, origin);
      }
      if (count) ctx.stroke();
      ctx.setLineDash([]);
    };
    const sheet = sheetOf(paint).addTo(map);
    nuanyi.onTheme(() => sheet.repaint());

    // What is drawn within a finger's reach of a layer point: properties and lon, lat; null: nothing
    const near = (point) => {
      const scale = 2 ** map.getZoom();
      const at = map.getPixelOrigin().add(point).divideBy(scale);
      const reach = REACH / scale;
      const { first, x, y, box } = packed;
      let best = null;
      for (const row of rows) {
        const b = 4 * row;
        if (box[b] - reach > at.x || box[b + 2] + reach < at.x || box[b + 1] - reach > at.y || box[b + 3] + reach < at.y) continue;
        let least = Infinity;
        for (let place = first[row]; place + 1 < first[row + 1]; place += 1) {
          least = Math.min(least, distance2(at.x, at.y, x[place], y[place], x[place + 1], y[place + 1]));
        }
        const px = Math.sqrt(least) * scale;
        // of lines equally near the graver one: it lies above
        const rank = Math.floor(px / 8) * ORDER.length - codes[chosen.judge][row];
        if (px <= REACH && (!best || rank < best.rank)) best = { rank, row };
      }
      return best && features[best.row];
    };

    let marked = null;
    const mark = (feature) => {
      if (marked) marked.remove();
      marked = feature && L.polyline(feature.geometry.coordinates.map(([lon, lat]) => nuanyi.toMap(lon, lat)), {
        className: 'map-touched', weight: 12, opacity: 0.35, interactive: false,
      }).addTo(map);
    };

    // Minutes by class of what is shown
    const sums = () => {
      const minutes = Object.fromEntries(ORDER.map((name) => [name, 0]));
      for (const row of rows) minutes[ORDER[codes[chosen.judge][row]]] += features[row].properties.minutes;
      return minutes;
    };

    const places = () => {
      let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
      for (const feature of features) {
        for (const [lon, lat] of feature.geometry.coordinates) {
          [west, south] = [Math.min(west, lon), Math.min(south, lat)];
          [east, north] = [Math.max(east, lon), Math.max(north, lat)];
        }
      }
      return features.length ? [[west, south], [east, north]] : [];
    };

    const show = (choice) => {
      chosen = { ...chosen, ...choice };
      refresh();
      mark(null);
      sheet.repaint();
      return { count: rows.length, minutes: sums() };
    };
    show({});
    return { count: features.length, order: ORDER, show, near, mark, box: places() };
  };
})();
