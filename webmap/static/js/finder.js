// The finder: asks for the nearest from a position, ties list and map together, turns the tabs.
'use strict';

(() => {
  const body = document.body;
  const answer = document.getElementById('answer');
  const button = document.getElementById('locate');
  const wide = matchMedia('(min-width: 60rem)');
  const form = document.getElementById('ask');
  const mode = () => form.elements.mode.value;
  let here = null;
  let asked = 0;

  // What narrows the answer, as the form stands, under the names of the address
  const filters = () => {
    const query = new URLSearchParams(new FormData(form)); // `formdata` leaves out what is empty
    for (const name of ['q', 'area', 'at']) query.delete(name);
    const { defaultValue } = form.elements.at; // the time that the page says it answers for
    if (defaultValue) query.set('at', defaultValue);
    return query;
  };

  const ask = async () => {
    const turn = ++asked;
    const query = filters();
    query.set('mode', mode());
    query.set('lon', nuanyi.rounded(here.lon));
    query.set('lat', nuanyi.rounded(here.lat));
    try {
      const got = await fetch(`${nuanyi.texts.near}?${query}`);
      if (!got.ok) throw new Error(`near: ${got.status}`);
      const page = await got.text();
      if (turn !== asked) return;
      const part = new DOMParser().parseFromString(page, 'text/html'); // the server has escaped it
      answer.replaceChildren(...part.body.childNodes);
      body.classList.add('near');
      nuanyi.say(nuanyi.describe(here));
      onMap(showAnswer);
    } catch {
      if (turn === asked) nuanyi.say(nuanyi.texts.failed);
    }
  };

  const stand = (place) => {
    here = place;
    nuanyi.keepHere(place);
    return ask();
  };

  const locate = async () => {
    button.disabled = true;
    const found = await nuanyi.locate();
    button.disabled = false;
    if (found) await stand(found);
  };

  // --- the map, loaded when it is first seen
  const onMap = (then) => {
    if (!wide.matches && !body.classList.contains('tab-map')) return;
    nuanyi.loadMap().then(then).catch(() => nuanyi.say(nuanyi.texts.failed));
  };

  const rowOf = (target) => target instanceof Element && target.closest('.station[data-code]');

  const mark = (row) => onMap(() => {
    if (!row) return nuanyi.highlight(null);
    const { code, lon, lat, kind, state } = row.dataset;
    return nuanyi.highlight(code, Number(lon), Number(lat), kind, state);
  });

  const showAnswer = () => {
    if (!here) return;
    nuanyi.showWay(null);
    nuanyi.setSelf(here.lon, here.lat, here.accuracy ?? null);
    const near = [...answer.querySelectorAll('.station')].slice(0, 3);
    nuanyi.fitTo([[here.lon, here.lat], ...near.map((row) => [Number(row.dataset.lon), Number(row.dataset.lat)])]);
  };

  const showWay = async (code) => {
    try {
      const way = await nuanyi.fetchWay(here, code);
      if (!way) return nuanyi.say(nuanyi.texts.noway);
      goTo('map');
      return onMap(() => {
        nuanyi.setSelf(here.lon, here.lat, here.accuracy ?? null);
        nuanyi.showWay(way.geometry.coordinates);
        nuanyi.fitTo(way.geometry.coordinates);
        tellWay(code, way.properties);
      });
    } catch {
      return nuanyi.say(nuanyi.texts.failed);
    }
  };

  // Beside the line on the map: what the place is called, how far, whether it is open
  const tellWay = (code, properties) => {
    const row = [...answer.querySelectorAll('.station')].find((one) => one.dataset.code === code);
    if (!row) return;
    const { lon, lat, kind, state } = row.dataset;
    const part = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
    const link = row.querySelector('h3 a');
    const more = part('a', nuanyi.texts.more);
    more.className = 'map-go';
    more.href = link.href;
    nuanyi.highlight(code, Number(lon), Number(lat), kind, state);
    nuanyi.openCard(Number(lon), Number(lat), [
      part('strong', link.textContent), part('p', nuanyi.sayWay(properties, mode())),
      part('p', row.querySelector('.line').textContent), more,
    ]);
  };

  // On a phone the map is a step from the list, and the phone's back key leads back to it
  const goTo = (tab) => {
    if (!wide.matches && !body.classList.contains(`tab-${tab}`) && tab !== 'list') {
      history.pushState({ tab }, '');
    }
    turnTo(tab);
  };

  const turnTo = (tab) => {
    body.classList.toggle('tab-map', tab === 'map');
    for (const link of document.querySelectorAll('.tabs a')) {
      if (link.dataset.tab === tab) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    if (tab === 'map') {
      onMap(() => {
        nuanyi.map.invalidateSize();
        showAnswer();
      });
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

  // --- filters: beside a position they are asked at once, else the list is asked for as a page
  const narrow = () => {
    if (!here) return form.requestSubmit();
    const query = filters();
    history.replaceState(history.state, '', `${location.pathname}?${query}`.replace(/\?$/, ''));
    for (const link of document.querySelectorAll('.choices a')) {
      const choice = [...new URL(link.href).searchParams].filter(([name]) => name === 'lang' || name === 'type');
      link.search = new URLSearchParams([...query, ...choice]);
    }
    return ask();
  };

  const listen = () => {
    form.addEventListener('formdata', ({ formData }) => {
      for (const [name, value] of [...formData]) {
        if (!value || (name === 'mode' && value === 'walk')) formData.delete(name); // short addresses
      }
    });
    form.addEventListener('change', ({ target }) => {
      if (target.name === 'mode') nuanyi.keepMode(mode());
      if (target.matches('.chip input')) narrow();
    });
    if (new URLSearchParams(location.search).has('mode')) nuanyi.keepMode(mode());
    else form.elements.mode.value = nuanyi.keptMode();
  };

  const start = async () => {
    listen();
    button.hidden = false;
    button.addEventListener('click', locate);
    document.getElementById('elsewhere').addEventListener('click', () => {
      body.classList.remove('near');
      here = null;
      nuanyi.forgetHere();
      nuanyi.say('');
      document.getElementById('q').focus();
    });
    for (const link of document.querySelectorAll('.tabs a')) {
      link.addEventListener('click', (event) => {
        event.preventDefault();
        if (link.dataset.tab === 'list' && history.state?.tab === 'map') history.back();
        else goTo(link.dataset.tab);
      });
    }
    for (const [enter, leave] of [['mouseover', 'mouseout'], ['focusin', 'focusout']]) {
      answer.addEventListener(enter, (event) => rowOf(event.target) && wide.matches && mark(rowOf(event.target)));
      answer.addEventListener(leave, (event) => rowOf(event.target) && wide.matches && mark(null));
    }
    answer.addEventListener('click', (event) => {
      const go = event.target instanceof Element && event.target.closest('[data-way]');
      if (go && here) {
        event.preventDefault();
        showWay(go.dataset.way);
      }
    });
    const area = document.getElementById('area');
    let isTyped = false; // by arrow keys one passes over many on the way
    area?.addEventListener('keydown', () => { isTyped = true; });
    area?.addEventListener('pointerdown', () => { isTyped = false; });
    area?.addEventListener('change', () => isTyped || area.form.requestSubmit());
    addEventListener('popstate', (event) => turnTo(event.state?.tab || 'list'));
    nuanyi.whenMap(tie);
    wide.addEventListener('change', () => onMap(showAnswer));
    const isAsked = /[?&](q|area)=[^&]/.test(location.search);
    onMap(() => {});
    const kept = nuanyi.keptHere();
    if (isAsked) return;
    if (kept) await stand(kept);
    else if (await nuanyi.isAllowed()) await locate();
  };

  start();
})();
