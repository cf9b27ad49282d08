// The page of a result: one choice of hour, judgement, class, area and shift rules map and tables.
// The choice stands in the address's fragment, so that it can be sent on; no position is in it.
'use strict';
window.nuanyi = window.nuanyi || {};

(() => {
  const at = (id) => document.getElementById(id);
  const plan = JSON.parse(at('plan').textContent);
  const { words } = plan;
  const CLASSES = plan.classes.map(([name]) => name);
  const HOURS = 168;
  const STEPS = 5; // of the scale above nothing, as geo.report.colours.shade_step
  const walked = plan.demand.flatMap((minutes, hour) => (minutes ? [hour] : []));
  const state = { hour: null, judge: 'effective', classes: new Set(CLASSES), area: null, shift: null };
  let drawn = null;

  const { fill, sayHour, minutes: sayMinutes, share: sayShare } = nuanyi.say(words);

  const readFragment = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    const number = (name, end) => {
      const text = given.get(name);
      return text !== null && /^\d+$/.test(text) && Number(text) < end ? Number(text) : null;
    };
    state.hour = number('hour', HOURS);
    state.judge = ['nominal', 'straight'].includes(given.get('by')) ? given.get('by') : 'effective';
    const only = (given.get('only') || '').split(',').filter((name) => CLASSES.includes(name));
    state.classes = new Set(only.length ? only : CLASSES);
    state.area = number('area', at('area').options.length - 1);
    state.shift = number('shift', at('shift').options.length - 1);
  };

  const writeFragment = () => {
    const parts = new URLSearchParams();
    if (state.hour !== null) parts.set('hour', state.hour);
    if (state.judge !== 'effective') parts.set('by', state.judge);
    if (state.classes.size < CLASSES.length) parts.set('only', [...state.classes].join(','));
    if (state.area !== null) parts.set('area', state.area);
    if (state.shift !== null) parts.set('shift', state.shift);
    const text = parts.toString().replaceAll('%2C', ',');
    history.replaceState(null, '', text ? `#${text}` : location.pathname + location.search);
  };

  // A share as a whole number; <1 and >99 of what is not exactly 0 or 100
  const inCell = (share) => {
    if (share > 0 && share < 0.01) return '<1';
    return share > 0.99 && share < 1 ? '>99' : `${Math.round(100 * share)}`;
  };

  // The table of the week: shares of the judgement
  const showWeek = () => {
    const shares = plan.gaps[state.judge] || plan.gaps.effective;
    for (const [hour, button] of bar.cells) {
      const gap = shares[hour];
      button.textContent = inCell(gap);
      button.setAttribute('aria-label', `${sayHour(hour)} ${sayShare(gap)}`);
      button.parentElement.className = `g${Math.min(STEPS, Math.ceil(gap * STEPS - 1e-9))}`;
    }
    at('week-note').hidden = state.judge in plan.gaps;
  };

  const showJudge = () => {
    for (const radio of document.querySelectorAll('[name="judge"]')) radio.checked = radio.value === state.judge;
    for (const part of document.querySelectorAll('[data-of]')) part.hidden = part.dataset.of !== state.judge;
  };

  const showHour = () => {
    const { hour } = state;
    bar.show(hour);
    const gap = (plan.gaps[state.judge] || [])[hour];
    let said = words.touch;
    if (hour !== null && !plan.demand[hour]) said = words.nobody;
    else if (gap !== undefined && gap !== null) said = fill(words.hour, { time: sayMinutes(plan.demand[hour]), share: sayShare(gap) });
    at('lines-note').textContent = said;
  };

  const showFilters = () => {
    for (const box of document.querySelectorAll('[name="class"]')) box.checked = state.classes.has(box.value);
    at('area').value = state.area ?? '';
    at('shift').value = state.shift ?? '';
  };

  const showLines = () => {
    if (!drawn) return;
    nuanyi.stationsAt(nuanyi.momentOf(state.hour, plan.firstDay));
    const { count, minutes } = drawn.show(state);
    const total = Object.values(minutes).reduce((sum, one) => sum + one, 0);
    const parts = plan.classes.filter(([name]) => minutes[name] > 0)
      .map(([name, word]) => `${word} ${sayShare(minutes[name] / total)}`);
    // minutes are of all hours in which a line is as it is: no shares of one hour come of them
    const said = count && state.hour !== null ? '' : fill(words.drawn, { parts: parts.join(words.and) });
    at('drawn-note').textContent = count ? said : words.noLine;
    at('lines-note').dataset.shown = String(count);
  };

  const change = (choice) => {
    Object.assign(state, choice);
    if (nuanyi.closeCard) nuanyi.closeCard();
    showJudge();
    showWeek();
    showHour();
    showFilters();
    showLines();
    writeFragment();
  };
  const bar = nuanyi.hourBar({ walked, words, choose: (hour) => change({ hour }) });

  const goTo = (gap) => {
    change({ hour: gap.hours.length ? gap.hours[0] : null, judge: 'effective', classes: new Set(CLASSES), area: null, shift: null });
    const [west, south, east, north] = gap.box;
    nuanyi.whenMap(() => nuanyi.fitTo([[west, south], [east, north]]));
    at('map_main').scrollIntoView({ block: 'center' });
  };

  const watch = () => {
    for (const radio of document.querySelectorAll('[name="judge"]')) radio.hidden = false;
    const on = (id, kind, callback) => at(id).addEventListener(kind, callback);
    on('area', 'change', () => change({ area: at('area').value === '' ? null : Number(at('area').value) }));
    on('shift', 'change', () => change({ shift: at('shift').value === '' ? null : Number(at('shift').value) }));
    for (const radio of document.querySelectorAll('[name="judge"]')) radio.addEventListener('change', () => change({ judge: radio.value }));
    for (const box of document.querySelectorAll('[name="class"]')) {
      box.addEventListener('change', () => {
        const classes = new Set([...document.querySelectorAll('[name="class"]:checked')].map((one) => one.value));
        change({ classes: classes.size ? classes : new Set(CLASSES) });
      });
    }
    for (const button of document.querySelectorAll('.show')) {
      button.hidden = false;
      button.addEventListener('click', () => goTo(JSON.parse(button.dataset.gap)));
    }
    window.addEventListener('hashchange', () => {
      readFragment();
      change({});
    });
  };

  const showMap = async () => {
    try {
      const [lines, stations] = await Promise.all([nuanyi.take(plan.lines), nuanyi.take(plan.stations)]);
      drawn = nuanyi.stretches(lines);
      nuanyi.fitTo(drawn.box);
      showLines();
      const tell = nuanyi.tellLine(plan, stations, lines);
      nuanyi.touchables.push((event) => {
        const feature = drawn.near(event.layerPoint);
        drawn.mark(feature);
        if (!feature) {
          nuanyi.closeCard();
          return false;
        }
        const [lon, lat] = nuanyi.fromMap(event.latlng);
        nuanyi.openCard(lon, lat, tell(feature.properties, state), () => drawn.mark(null)).classList.add('of-line');
        return true;
      });
      at('lines-note').dataset.count = String(drawn.count);
    } catch (error) {
      console.warn(error);
      at('drawn-note').textContent = words.failed;
    }
  };

  watch();
  readFragment();
  change({});
  nuanyi.whenMap(showMap);
})();
