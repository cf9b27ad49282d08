// The finder's list and its map: a row marks its dot, a dot its row; the way is drawn when chosen.
'use strict';
window.nuanyi = window.nuanyi || {};

nuanyi.tieMap = ({ answer, wide, mode, stand, goTo, here }) => {
  // Without a line, and not kept: the list is
  const sayLost = () => {
    if (document.querySelector('.map-lost')) return;
    const note = document.createElement('div');
    const back = Object.assign(document.createElement('button'), { type: 'button', className: 'wide', textContent: nuanyi.texts.seeList });
    const text = Object.assign(document.createElement('p'), { textContent: nuanyi.texts.mapLost });
    note.className = 'notice over-map map-lost';
    note.setAttribute('role', 'status');
    back.addEventListener('click', () => document.querySelector('.tabs a[data-tab="list"]').click());
    note.append(text, back);
    document.querySelector('.map-side').prepend(note);
  };

  // Loaded when it is first seen
  const onMap = (then) => {
    if (!wide.matches && !document.body.classList.contains('tab-map')) return;
    nuanyi.loadMap().then((it) => {
      document.querySelector('.map-lost')?.remove();
      return then(it);
    }).catch(() => (nuanyi.keptAt || !navigator.onLine ? sayLost() : nuanyi.say(nuanyi.texts.failed)));
  };

  const rowOf = (target) => target instanceof Element && target.closest('.station[data-code]');

  const mark = (row) => onMap(() => {
    if (!row) return nuanyi.highlight(null);
    const { code, lon, lat, kind, state } = row.dataset;
    return nuanyi.highlight(code, Number(lon), Number(lat), kind, state);
  });

  const showSelf = () => nuanyi.setSelf(here().lon, here().lat, here().accuracy ?? null);

  const showAnswer = () => {
    if (!here()) return;
    nuanyi.showWay(null);
    showSelf();
    const near = [...answer.querySelectorAll('.station')].slice(0, 3);
    nuanyi.fitTo([[here().lon, here().lat], ...near.map((row) => [Number(row.dataset.lon), Number(row.dataset.lat)])]);
  };

  // Beside the line on the map: what the place is called, how far, whether it is open
  const tellWay = (code, properties) => {
    const row = [...answer.querySelectorAll('.station')].find((one) => one.dataset.code === code);
    if (!row) return null;
    const { lon, lat, kind, state } = row.dataset;
    const part = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
    const link = row.querySelector('h3 a');
    const more = part('a', nuanyi.texts.wayAndMaps); // the lines, and other maps
    more.className = 'button wide way-go';
    more.href = row.querySelector('.go')?.href || link.href;
    nuanyi.highlight(code, Number(lon), Number(lat), kind, state);
    return nuanyi.openCard(Number(lon), Number(lat), [
      part('strong', link.textContent), part('p', nuanyi.sayWay(properties, mode(), nuanyi.isRough(here()))),
      part('p', row.querySelector('.line').textContent), more,
    ]);
  };

  const showWay = async (code) => {
    try {
      const way = await nuanyi.fetchWay(here(), code);
      if (!way) return nuanyi.say(nuanyi.texts.noway);
      goTo('map');
      return onMap(() => {
        showSelf();
        nuanyi.showWay(way.geometry.coordinates);
        const card = tellWay(code, way.properties); // on a phone it lies along the bottom
        if (card && !wide.matches) { // what was touched is no longer seen
          card.tabIndex = -1;
          card.focus({ preventScroll: true });
        }
        nuanyi.fitTo(way.geometry.coordinates, card && !wide.matches ? card.offsetHeight : 0);
      });
    } catch {
      return nuanyi.say(nuanyi.texts.failed);
    }
  };

  let isTied = false;
  const tie = () => {
    if (isTied) return;
    isTied = true;
    nuanyi.onGround(({ lon, lat }) => {
      stand({ lon, lat, accuracy: null, from: 'there' }); // a device may be wrong by kilometres
    });
    nuanyi.onStation(({ code }) => {
      for (const row of answer.querySelectorAll('.station')) {
        const isIt = row.dataset.code === code;
        row.classList.toggle('touched', isIt);
        if (isIt && wide.matches) row.scrollIntoView({ block: 'nearest' });
      }
    });
  };

  for (const [enter, leave] of [['mouseover', 'mouseout'], ['focusin', 'focusout']]) {
    answer.addEventListener(enter, (event) => rowOf(event.target) && wide.matches && mark(rowOf(event.target)));
    answer.addEventListener(leave, (event) => rowOf(event.target) && wide.matches && mark(null));
  }
  answer.addEventListener('click', (event) => {
    const go = event.target instanceof Element && event.target.closest('[data-way]');
    if (!go || !here()) return;
    event.preventDefault();
    showWay(go.dataset.way);
  });
  nuanyi.whenMap(tie);
  return { onMap, showAnswer };
};
