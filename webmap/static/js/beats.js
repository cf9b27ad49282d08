// Beats on the map: the lines of a list, and one line drawn point by point. Text only, no markup.
'use strict';
window.nuanyi = window.nuanyi || {};

(() => {
  if (nuanyi.beats) return; // the map's own list and the page both name this file
  const REACH = 18; // px around a line that answer to a finger
  const MOST_HANDLES = 200; // corners that can be dragged; of longer lines the ends alone
  const DECIMALS = 6;
  const KEPT = 200; // steps that can be undone
  const at = (id) => document.getElementById(id);
  nuanyi.beats = () => ({ addTo: () => {} });

  const fill = (text, parts) => text.replace(/\{(\w+)\}/g, (_, key) => parts[key]);
  const take = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  };

  // Draws lines that tell who they are when touched
  const drawAll = async (address, words, { fit, faint = false }) => {
    const { map } = nuanyi;
    const data = await take(address);
    const renderer = L.canvas({ padding: 0.3, tolerance: REACH });
    const style = () => ({ color: nuanyi.colour('line-off'), weight: faint ? 2 : 3.5, opacity: faint ? 0.6 : 1, interactive: false });
    const group = L.geoJSON(data, { renderer, coordsToLatLng: ([lon, lat]) => nuanyi.toMap(lon, lat), style }).addTo(map);
    if (!faint) group.setStyle({ color: nuanyi.colour('accent') });
    nuanyi.onTheme(() => group.setStyle(faint ? style() : { ...style(), color: nuanyi.colour('accent') }));
    if (fit && data.features.length) map.fitBounds(group.getBounds(), { padding: [32, 32], animate: false });
    if (faint) return data.features.length;
    nuanyi.touchables.push(({ layerPoint }) => {
      let best = null;
      group.eachLayer((layer) => {
        const place = layer.closestLayerPoint(layerPoint);
        if (place && place.distance <= REACH && (!best || place.distance < best.place.distance)) best = { place, layer };
      });
      if (!best) return false;
      const { name, said, url } = best.layer.feature.properties;
      const link = nuanyi.element('a', 'map-go', words.open);
      link.href = url;
      const [lon, lat] = nuanyi.fromMap(map.layerPointToLatLng(best.place));
      nuanyi.openCard(lon, lat, [nuanyi.element('strong', 'map-name', name), nuanyi.element('p', '', said), link]);
      return true;
    });
    return data.features.length;
  };

  const readLine = (text) => text.split(/\n\s*\n/).map((part) => part.split('\n')
    .map((row) => row.trim().split(/[\s,，;；]+/).map(Number))
    .filter((pair) => pair.length === 2 && pair.every(Number.isFinite)
      && Math.abs(pair[0]) <= 180 && Math.abs(pair[1]) <= 85)).filter((part) => part.length);
  const writeLine = (parts) => parts.map((part) => part
    .map((pair) => pair.map((degrees) => degrees.toFixed(DECIMALS)).join(',')).join('\n')).join('\n\n');

  // The line of the form: a touch of the map adds a corner, corners can be dragged
  const drawOne = ({ words, may }) => {
    const { map } = nuanyi;
    const field = at('line');
    const steps = [];
    let parts = readLine(field.value);
    const halo = L.polyline([], { className: 'beat-halo', weight: 9, interactive: false }).addTo(map);
    const line = L.polyline([], { className: 'beat-line', weight: 4, interactive: false }).addTo(map);
    const handles = L.layerGroup().addTo(map);

    const metres = () => parts.reduce((sum, part) => sum + part.slice(1)
      .reduce((whole, place, nth) => whole + map.distance(nuanyi.toMap(...part[nth]), nuanyi.toMap(...place)), 0), 0);
    const tell = () => {
      const n = parts.flat().length;
      at('drawn').textContent = n > 1 ? fill(words.length, { km: (metres() / 1000).toFixed(2), n })
        : may ? words[n ? 'next' : 'first'] : '';
      at('drawn').dataset.corners = String(n);
    };
    const place = () => {
      const places = parts.map((part) => part.map(([lon, lat]) => nuanyi.toMap(lon, lat)));
      halo.setLatLngs(places);
      line.setLatLngs(places);
    };
    const show = () => {
      place();
      handles.clearLayers();
      const n = parts.flat().length;
      parts.forEach((part, p) => part.forEach((corner, c) => {
        if (n > MOST_HANDLES && !(p === parts.length - 1 && c === part.length - 1)) return;
        const icon = L.divIcon({ html: nuanyi.element('span', 'beat-corner'), className: 'map-pin', iconSize: [36, 36] });
        const marker = L.marker(nuanyi.toMap(...corner), { icon, draggable: may, keyboard: false, title: words.corner });
        marker.on('dragstart', keep);
        marker.on('drag', () => {
          parts[p][c] = nuanyi.fromMap(marker.getLatLng());
          place();
        });
        marker.on('dragend', write);
        handles.addLayer(marker);
      }));
      tell();
    };
    const keep = () => {
      steps.push(JSON.stringify(parts));
      if (steps.length > KEPT) steps.shift();
    };
    const write = () => {
      field.value = writeLine(parts);
      show();
    };
    if (parts.length) nuanyi.fitTo(parts.flat());
    show();
    if (!may) return;
    nuanyi.onGround(({ lon, lat }) => {
      keep();
      if (!parts.length) parts.push([]);
      parts.at(-1).push([lon, lat]);
      write();
    });
    at('tools').hidden = false;
    at('undo').addEventListener('click', () => {
      if (steps.length) parts = JSON.parse(steps.pop());
      else if (parts.length && parts.at(-1).pop() && !parts.at(-1).length) parts.pop();
      write();
    });
    at('clear').addEventListener('click', () => {
      keep();
      parts = [];
      write();
    });
    field.addEventListener('input', () => {
      parts = readLine(field.value);
      show();
    });
  };

  // Says how the words of a shift are understood while they are typed
  const readShift = ({ reading }) => {
    const [field, told] = [at('shift'), at('shift-read')];
    let waiting = 0;
    const ask = async () => {
      const text = field.value;
      const { status, lines } = await take(`${reading}?${new URLSearchParams({ text })}`);
      if (field.value !== text) return; // typed on
      told.textContent = lines.join(' ');
      told.classList.toggle('unread', status === 'wrong');
    };
    field.addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => ask().catch(() => {}), 400);
    });
  };

  const settings = (id) => (at(id) ? JSON.parse(at(id).textContent) : null);
  const list = settings('beats');
  const one = settings('beat');
  if (one) readShift(one);
  if (list && at('map_main')) {
    nuanyi.whenMap(() => drawAll(list.lines, list.words, { fit: true }).then((count) => {
      at('lines-note').dataset.count = String(count);
    }, (error) => {
      console.warn(error);
      at('lines-note').textContent = list.words.failed;
    }));
  }
  if (one) {
    nuanyi.whenMap(() => {
      const isNew = !at('line').value.trim();
      drawAll(one.others, one.words, { fit: isNew, faint: true }).catch(console.warn);
      drawOne(one);
    });
  }
})();
