// Two results on two maps that move together; one hour rules both. A touch tells of both.
'use strict';
window.nuanyi = window.nuanyi || {};

(() => {
  const at = (id) => document.getElementById(id);
  const plan = JSON.parse(at('plan').textContent);
  const { words } = plan;
  const { sayHour, share } = nuanyi.say(words);
  const walked = plan.demand.flatMap((minutes, hour) => (minutes ? [hour] : []));
  const state = { hour: null, judge: 'effective' };
  let drawn = [];

  const note = () => {
    const { hour } = state;
    const parts = hour === null ? [] : plan.gaps.map((gaps) => (gaps[hour] === null ? '–' : share(gaps[hour])));
    at('lines-note').textContent = hour === null ? words.touch : `${sayHour(hour)}  ${parts.join(' → ')}`;
  };

  const change = (choice) => {
    Object.assign(state, choice);
    bar.show(state.hour);
    for (const lines of drawn) lines.show(state);
    if (drawn.length) nuanyi.stationsAt(nuanyi.momentOf(state.hour, plan.firstDay));
    at('touched').hidden = true;
    note();
    history.replaceState(null, '', location.pathname + location.search + (state.hour === null ? '' : `#hour=${state.hour}`));
  };
  const bar = nuanyi.hourBar({ walked, words, choose: (hour) => change({ hour }) });

  const makeOther = () => {
    const main = nuanyi.map;
    const other = L.map('map_other', {
      crs: main.options.crs,
      minZoom: main.getMinZoom(),
      maxZoom: main.getMaxZoom(),
      zoomControl: false,
      attributionControl: false,
      scrollWheelZoom: false,
    }).setView(main.getCenter(), main.getZoom());
    if (nuanyi.streets) nuanyi.streets.again().addTo(other);
    let leader = null;
    const follow = (from, to) => from.on('move', () => {
      if (leader === to) return;
      leader = from;
      to.setView(from.getCenter(), from.getZoom(), { animate: false });
      leader = null;
    });
    follow(main, other);
    follow(other, main);
    new ResizeObserver(() => other.invalidateSize({ pan: false })).observe(other.getContainer());
    return other;
  };

  const tellBoth = (tells, lonLat) => {
    const boxes = [...at('touched').children];
    const found = drawn.map((lines, index) => {
      const map = [nuanyi.map, nuanyi.other][index];
      const feature = lines.near(map.latLngToLayerPoint(nuanyi.toMap(...lonLat)));
      lines.mark(feature);
      boxes[index].replaceChildren(...(feature ? tells[index](feature.properties, state) : [nuanyi.element('p', '', words.noLine)]));
      return feature;
    });
    at('touched').hidden = !found.some(Boolean);
    return found.some(Boolean);
  };

  const showMaps = async () => {
    try {
      const taken = await Promise.all(plan.runs.map(async ({ lines, stations }) => [await nuanyi.take(lines), await nuanyi.take(stations)]));
      nuanyi.other = makeOther();
      drawn = taken.map(([lines], index) => nuanyi.stretches(lines, [nuanyi.map, nuanyi.other][index]));
      const tells = taken.map(([lines, stations]) => nuanyi.tellLine({ ...plan, stationLink: '' }, stations, lines));
      nuanyi.fitTo([...drawn[0].box, ...drawn[1].box]);
      nuanyi.touchables.push((event) => tellBoth(tells, nuanyi.fromMap(event.latlng)));
      nuanyi.other.on('click', (event) => tellBoth(tells, nuanyi.fromMap(event.latlng)));
      change({});
      at('lines-note').dataset.count = String(drawn[0].count + drawn[1].count);
    } catch (error) {
      console.warn(error);
      at('lines-note').textContent = words.failed;
    }
  };

  for (const radio of document.querySelectorAll('[name="side"]')) {
    radio.addEventListener('change', () => { document.querySelector('.maps').dataset.side = radio.value; });
  }
  const given = new URLSearchParams(location.hash.slice(1)).get('hour');
  change({ hour: /^\d+$/.test(given || '') && Number(given) < 168 ? Number(given) : null });
  nuanyi.whenMap(showMaps);
})();
