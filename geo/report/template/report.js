// What can be chosen on the report's map: judgement, hour of the week, area, shift, classes; a touch explains.
'use strict';

(() => {
  const { map: data, words, view } = window.report;
  const map = window.map_report;
  if (!view) return;
  const { state } = view;
  const pieces = data.pieces;
  const find = (id) => document.getElementById(id);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const two = (number) => String(number).padStart(2, '0');
  const sayHour = (hour) => `${words.days[Math.floor(hour / 24)]} ${two(hour % 24)}:00–${two(hour % 24 + 1)}:00`;
  const number = (value) => Math.round(value).toLocaleString('en-US');
  const sayTime = (minutes) => (minutes >= 120
    ? fill(words.hours, { n: (minutes / 60).toFixed(1) })
    : fill(words.minutes, { n: Math.max(1, Math.round(minutes)) }));
  const slider = find('hour');
  const told = find('told');
  const cells = [...document.querySelectorAll('#week td[data-hour]')];
  const walked = new Set(pieces.sets.flat());
  let timer = 0;

  // Puts text into a node; stored text is in Chinese whatever the page speaks
  const put = (node, text) => {
    text.split(/([一-鿿][一-鿿　-〿＀-￯]*)/).forEach((part, place) => {
      if (place % 2 === 0 || words.lang === 'zh') {
        node.append(part);
        return;
      }
      const own = document.createElement('span');
      own.lang = 'zh-CN';
      own.textContent = part;
      node.append(own);
    });
  };
  const line = (text, name) => {
    const node = document.createElement('p');
    if (name) node.className = name;
    put(node, text);
    told.append(node);
    return node;
  };
  const sayDays = (days) => {
    if (days.length === 7) return words.every_day;
    const runs = [];
    for (const day of days) {
      const last = runs[runs.length - 1];
      if (last && last[1] === day - 1) last[1] = day;
      else runs.push([day, day]);
    }
    return runs.flatMap(([from, to]) => (to - from > 1
      ? [fill(words.day_span, { first: words.days[from], last: words.days[to] })]
      : words.days.slice(from, to + 1))).join(words.joint);
  };
  // Hours of the week as text: days of the same hours together
  const sayHours = (hours) => {
    const byDay = new Map();
    for (const hour of hours) {
      const day = Math.floor(hour / 24);
      byDay.set(day, [...(byDay.get(day) || []), hour % 24]);
    }
    const alike = new Map();
    for (const [day, of] of byDay) {
      const spans = [];
      for (const hour of of) {
        const last = spans[spans.length - 1];
        if (last && last[1] === hour) last[1] = hour + 1;
        else spans.push([hour, hour + 1]);
      }
      const text = spans.map(([from, to]) => `${two(from)}:00–${two(to)}:00`).join(words.joint);
      alike.set(text, [...(alike.get(text) || []), day]);
    }
    return [...alike].map(([text, days]) => `${sayDays(days)} ${text}`).join(words.lang === 'zh' ? '；' : '; ');
  };
  // By how much the nearest station's hours are missed: at the chosen hour, else from least to most
  const sayMissed = (row) => {
    const every = [pieces.x[row]].flat();
    const place = every.length > 1 && state.hour >= 0 ? pieces.sets[pieces.h[row]].indexOf(state.hour) : -1;
    const known = (place < 0 ? every : [every[place]]).filter((one) => one >= 0);
    if (!known.length) return [];
    const [least, most] = [Math.min(...known), Math.max(...known)].map(sayTime);
    return [least === most ? fill(words.missed, { time: most }) : fill(words.missed_range, { least, most })];
  };
  const tell = (row) => {
    told.replaceChildren();
    state.chosen = row;
    view.redraw();
    if (row < 0) return;
    const name = data.classes[view.judged()[row]];
    const hours = pieces.sets[pieces.h[row]];
    const minutes = state.hour < 0 ? pieces.m[row] : pieces.m[row] / hours.length; // as long in each
    const sample = document.querySelector(`#classes .sample.${name}`).cloneNode(true);
    line(words.classes[name], 'what').prepend(sample);
    const parts = [fill(words.length, { m: number(pieces.l[row]) }), fill(words.time, { time: sayTime(minutes) })];
    if (pieces.a[row] >= 0) parts.unshift(data.areas[pieces.a[row]]);
    line(parts.join(' · '));
    line(fill(words.when, { when: state.hour < 0 ? sayHours(hours) : sayHour(state.hour) }));
    if (name !== 'covered' && pieces.d[row] >= 0) line(fill(words.walk, { m: number(pieces.d[row]) }));
    const near = pieces.c[row];
    if (near >= 0) line(fill(words.nearest, { name: data.stations.name[near], hours: data.stations.hours[near] }));
    if (near >= 0 && name === 'closed') for (const text of sayMissed(row)) line(text);
  };
  const show = () => {
    const hour = state.hour;
    find('hour-said').textContent = hour < 0 ? words.all_hours_said : sayHour(hour);
    slider.setAttribute('aria-valuetext', find('hour-said').textContent);
    find('all-hours').setAttribute('aria-pressed', String(hour < 0));
    if (hour >= 0) slider.value = hour;
    for (const cell of cells) {
      const button = cell.querySelector('button');
      if (button) button.setAttribute('aria-pressed', String(Number(cell.dataset.hour) === hour));
    }
    find('map-note').textContent = view.count() ? words.map_touch : words.none;
    if (state.chosen >= 0) tell(-1);
    else view.redraw();
  };
  const halt = () => {
    clearInterval(timer);
    timer = 0;
    find('play').textContent = words.play;
    find('play').setAttribute('aria-pressed', 'false');
  };
  const setHour = (hour) => {
    state.hour = hour;
    show();
  };
  const next = () => {
    for (let step = 1; step <= 168; step += 1) {
      const hour = (state.hour + step + 168) % 168;
      if (walked.has(hour)) return hour;
    }
    return -1;
  };

  slider.addEventListener('input', () => { halt(); setHour(Number(slider.value)); });
  find('all-hours').addEventListener('click', () => { halt(); setHour(-1); });
  find('play').addEventListener('click', () => {
    if (timer) {
      halt();
      return;
    }
    find('play').textContent = words.stop;
    find('play').setAttribute('aria-pressed', 'true');
    setHour(next());
    timer = setInterval(() => setHour(next()), 900);
  });
  for (const radio of document.querySelectorAll('input[name="judge"]')) {
    radio.addEventListener('change', () => { state.judge = radio.value; show(); });
  }
  for (const box of document.querySelectorAll('#classes input')) {
    box.addEventListener('change', () => {
      const code = data.classes.indexOf(box.value);
      if (box.checked) state.off.delete(code);
      else state.off.add(code);
      show();
    });
  }
  const offer = (id, names, set) => {
    const select = find(id);
    names.forEach((name, place) => {
      const option = document.createElement('option');
      option.value = place;
      option.textContent = name;
      if (words.lang !== 'zh' && /[一-鿿]/.test(name)) option.lang = 'zh-CN';
      select.append(option);
    });
    find(`${id}-pick`).hidden = names.length < 2;
    select.addEventListener('change', () => { set(select.value === '' ? -1 : Number(select.value)); show(); });
  };
  const used = new Set(pieces.a);
  const areas = data.areas.map((name, place) => [name, place]).filter(([, place]) => used.has(place));
  offer('area', areas.map(([name]) => name), (place) => { state.area = place < 0 ? -1 : areas[place][1]; });
  offer('shift', data.shifts, (place) => { state.shift = place; });

  // The table of hours is one stop of the tab key; arrows go from cell to cell
  const stops = new Map();
  const move = (event, hour) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -24, ArrowDown: 24 }[event.key];
    if (!by) return;
    event.preventDefault();
    let to = hour + by;
    while (to >= 0 && to < 168 && !stops.has(to)) to += by;
    if (!stops.has(to)) return;
    stops.get(hour).tabIndex = -1;
    stops.get(to).tabIndex = 0;
    stops.get(to).focus();
  };
  for (const cell of cells) {
    if (cell.querySelector('.unseen')) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = cell.textContent;
    button.setAttribute('aria-label', cell.dataset.said);
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => {
      halt();
      const hour = Number(cell.dataset.hour);
      setHour(state.hour === hour ? -1 : hour);
    });
    const hour = Number(cell.dataset.hour);
    button.tabIndex = stops.size ? -1 : 0;
    button.addEventListener('keydown', (event) => move(event, hour));
    stops.set(hour, button);
    cell.replaceChildren(button);
  }
  for (const button of document.querySelectorAll('.go')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const [w, s, e, n] = button.dataset.box.split(' ').map(Number);
      find('map-part').scrollIntoView({ block: 'start' });
      view.fit([[s, w], [n, e]]);
    });
  }
  map.on('click', (event) => tell(view.pieceAt(event.latlng)));
  find('map-part').hidden = false;
  const frame = map.getContainer();
  frame.setAttribute('aria-label', words.map_label);
  L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  view.fit();
  show();
})();
