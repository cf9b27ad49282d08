// The lines of the report's map: streets, stretches and stations on one canvas of Leaflet's.
// Data are columns of whole numbers; texts of the data reach the page as text, never as markup.
'use strict';
window.report = JSON.parse(document.getElementById('report-data').textContent);

(() => {
  const { map: data } = window.report;
  const map = window.map_report;
  if (!data || !map) return;
  const DASH = { unknown: [3, 4], closed: [10, 7], unusable: [0.1, 8] };
  const WIDTH = { unknown: 3, off_network: 3, covered: 4, unusable: 4.5, closed: 4.5, no_station: 5 };
  const ORDER = ['off_network', 'unknown', 'covered', 'unusable', 'closed', 'no_station']; // later ones above
  const WORLD = 256; // px of the world at zoom 0
  const FAR = 14.5; // zoom below which lines are thinner and stations are dots
  const REACH = 16; // px around a line that answer to a finger
  const STEP = 0.8; // px below which a point adds nothing
  const BATCH = 3000; // points stroked at once: long paths are slow
  const [west, south] = data.box;
  const pieces = data.pieces;
  const count = pieces.p.length;
  const state = { judge: 'effective', hour: -1, area: -1, shift: -1, off: new Set(), chosen: -1 };

  const toX = (lon) => WORLD * (lon / 360 + 0.5);
  const toY = (lat) => {
    const sin = Math.sin(lat * Math.PI / 180);
    return WORLD * (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI));
  };
  // Lines of steps as flat arrays of places on the world, with where each begins and its box
  const pack = (lines) => {
    const first = new Int32Array(lines.length + 1);
    lines.forEach((line, row) => { first[row + 1] = first[row] + line.length / 2; });
    const [x, y] = [new Float64Array(first[lines.length]), new Float64Array(first[lines.length])];
    const box = new Float64Array(4 * lines.length);
    lines.forEach((line, row) => {
      let [lon, lat] = [0, 0];
      const at = 4 * row;
      box.set([Infinity, Infinity, -Infinity, -Infinity], at);
      for (let step = 0; step < line.length; step += 2) {
        lon += line[step];
        lat += line[step + 1];
        const place = first[row] + step / 2;
        x[place] = toX(west + lon * data.unit);
        y[place] = toY(south + lat * data.unit);
        box[at] = Math.min(box[at], x[place]);
        box[at + 1] = Math.min(box[at + 1], y[place]);
        box[at + 2] = Math.max(box[at + 2], x[place]);
        box[at + 3] = Math.max(box[at + 3], y[place]);
      }
    });
    return { first, x, y, box };
  };
  const drawn = pack(pieces.p);
  const ground = pack(data.ground);
  const sets = pieces.sets.map((hours) => new Set(hours));
  const { x: sx, y: sy } = pack([data.stations.x.flatMap((value, row) => (row
    ? [value - data.stations.x[row - 1], data.stations.y[row] - data.stations.y[row - 1]]
    : [value, data.stations.y[row]]))]);

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const judged = () => ({ effective: pieces.e, nominal: pieces.n, straight: pieces.s })[state.judge];
  const isShown = (row) => (state.hour < 0 || sets[pieces.h[row]].has(state.hour))
    && (state.area < 0 || pieces.a[row] === state.area)
    && (state.shift < 0 || pieces.f[row] === state.shift)
    && !state.off.has(judged()[row]);
  const worldOf = (point) => map.project(map.layerPointToLatLng(point), 0);

  const trace = (context, lines, row, origin, scale) => {
    let [lastX, lastY] = [Infinity, Infinity];
    const end = lines.first[row + 1];
    for (let place = lines.first[row]; place < end; place += 1) {
      const px = lines.x[place] * scale - origin.x;
      const py = lines.y[place] * scale - origin.y;
      if (place === lines.first[row]) context.moveTo(px, py);
      else if (place === end - 1 || Math.abs(px - lastX) + Math.abs(py - lastY) > STEP) context.lineTo(px, py);
      else continue;
      [lastX, lastY] = [px, py];
    }
  };
  const strokeAll = (context, lines, rows, origin, scale) => {
    let points = 0;
    context.beginPath();
    for (const row of rows) {
      trace(context, lines, row, origin, scale);
      points += lines.first[row + 1] - lines.first[row];
      if (points > BATCH) {
        context.stroke();
        context.beginPath();
        points = 0;
      }
    }
    context.stroke();
  };
  const inView = (lines, view) => {
    const rows = [];
    for (let row = 0; row + 1 < lines.first.length; row += 1) {
      const at = 4 * row;
      if (lines.box[at] <= view[2] && lines.box[at + 2] >= view[0]
        && lines.box[at + 1] <= view[3] && lines.box[at + 3] >= view[1]) rows.push(row);
    }
    return rows;
  };
  const mark = (context, kind, px, py, size) => {
    context.beginPath();
    if (kind === 'union_hub') context.rect(px - size, py - size, 2 * size, 2 * size);
    else if (kind === 'service_point') {
      context.moveTo(px, py - 1.2 * size);
      context.lineTo(px + 1.15 * size, py + size);
      context.lineTo(px - 1.15 * size, py + size);
      context.closePath();
    } else context.arc(px, py, size, 0, 2 * Math.PI);
  };
  const paintStations = (context, view, origin, scale, far) => {
    const [open, locked, paper] = [colour('--open'), colour('--locked'), colour('--card')];
    context.setLineDash([]);
    for (let row = 0; row < sx.length; row += 1) {
      if (sx[row] < view[0] || sx[row] > view[2] || sy[row] < view[1] || sy[row] > view[3]) continue;
      mark(context, data.stations.kind[row], sx[row] * scale - origin.x, sy[row] * scale - origin.y, far ? 3 : 6);
      context.fillStyle = data.stations.out[row] ? paper : open;
      context.strokeStyle = data.stations.out[row] ? locked : paper;
      context.lineWidth = far ? 1 : 2;
      context.fill();
      context.stroke();
    }
  };
  const paint = (context, bounds) => {
    const zoom = map.getZoom();
    const scale = 2 ** zoom;
    const origin = map.getPixelOrigin();
    const [low, high] = [worldOf(bounds.min), worldOf(bounds.max)];
    const view = [low.x, low.y, high.x, high.y];
    const far = zoom < FAR;
    context.lineJoin = 'round';
    context.lineCap = 'round';
    context.setLineDash([]);
    context.strokeStyle = colour('--street');
    context.lineWidth = far ? 0.8 : 1.6;
    strokeAll(context, ground, inView(ground, view), origin, scale);
    const classes = judged();
    const rows = inView(drawn, view).filter(isShown);
    for (const name of ORDER) {
      const code = data.classes.indexOf(name);
      const dash = DASH[name];
      context.lineCap = dash && dash[0] > 1 ? 'butt' : 'round';
      context.strokeStyle = colour(`--line-${name}`);
      context.lineWidth = far ? 0.65 * WIDTH[name] : WIDTH[name];
      context.setLineDash(dash ? (far ? dash.map((part) => 0.65 * part) : dash) : []);
      strokeAll(context, drawn, rows.filter((row) => classes[row] === code), origin, scale);
    }
    if (state.chosen >= 0) {
      context.setLineDash([]);
      context.lineCap = 'round';
      context.globalAlpha = 0.45;
      context.strokeStyle = colour('--accent');
      context.lineWidth = 14;
      strokeAll(context, drawn, [state.chosen], origin, scale);
      context.globalAlpha = 1;
    }
    paintStations(context, view, origin, scale, far);
  };
  const Sheet = L.Canvas.extend({
    _updatePaths() { paint(this._ctx, this._bounds); },
    _draw() {},
    redraw() { if (this._map) this._update(); },
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Canvas.prototype._update.call(this);
      this._ctx.clearRect(this._bounds.min.x, this._bounds.min.y, 9999, 9999);
      paint(this._ctx, this._bounds);
    },
  });
  const sheet = new Sheet({ padding: 0.2 }).addTo(map);
  sheet._updatePaths = () => {};
  const box = L.latLngBounds([data.box[1], data.box[0]], [data.box[3], data.box[2]]);

  const distance2 = (px, py, ax, ay, bx, by) => {
    const [dx, dy] = [bx - ax, by - ay];
    const length2 = dx * dx + dy * dy;
    const t = length2 ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / length2)) : 0;
    return (px - ax - t * dx) ** 2 + (py - ay - t * dy) ** 2;
  };
  // The gravest of the stretches nearest to a touch, -1 for none
  const pieceAt = (place) => {
    const at = map.project(place, 0);
    const reach = REACH / 2 ** map.getZoom();
    const classes = judged();
    let [best, bestRank] = [-1, Infinity];
    for (const row of inView(drawn, [at.x - reach, at.y - reach, at.x + reach, at.y + reach])) {
      if (!isShown(row)) continue;
      const grave = ORDER.indexOf(data.classes[classes[row]]);
      for (let point = drawn.first[row]; point + 1 < drawn.first[row + 1]; point += 1) {
        const away = Math.sqrt(distance2(at.x, at.y, drawn.x[point], drawn.y[point], drawn.x[point + 1], drawn.y[point + 1])) / reach;
        const rank = away - 0.05 * grave;
        if (away < 1 && rank < bestRank) [best, bestRank] = [row, rank];
      }
    }
    return best;
  };

  window.report.view = {
    state,
    count: () => { let shown = 0; for (let row = 0; row < count; row += 1) shown += isShown(row); return shown; },
    redraw: () => sheet.redraw(),
    pieceAt,
    judged,
    fit: (bounds) => { map.invalidateSize(); map.fitBounds(bounds || box, { animate: false, maxZoom: 17 }); },
  };
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => sheet.redraw());
})();
