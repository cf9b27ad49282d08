// The finder: asks for the nearest from a position or a place, narrows the answer, turns the tabs.
'use strict';

(() => {
  const body = document.body;
  const answer = document.getElementById('answer');
  const [first, rest] = answer.querySelectorAll('[data-part]');
  const listed = body.classList.contains('near') ? [] : [...first.childNodes];
  const button = document.getElementById('locate');
  const elsewhere = document.getElementById('elsewhere');
  const narrowing = document.querySelector('.filters');
  const wide = matchMedia('(min-width: 60rem)');
  const form = document.getElementById('ask');
  const mode = () => form.elements.mode.value;
  let here = null;
  let asked = 0;
  let sought = form.elements.q.value; // words that the stations beside a position must have

  // What narrows the answer, as the form stands, under the names of the address
  const filters = () => {
    const query = new URLSearchParams(new FormData(form)); // `formdata` leaves out what is empty
    for (const name of ['q', 'area', 'at']) query.delete(name);
    const { defaultValue } = form.elements.at; // the time that the page says it answers for
    if (defaultValue) query.set('at', defaultValue);
    return query;
  };

  // --- the answer
  const tellPanel = () => {
    const isSeen = body.classList.contains('asking') || !body.classList.contains('near');
    elsewhere.setAttribute('aria-expanded', String(isSeen));
  };

  const setNear = (isNear) => {
    body.classList.toggle('near', isNear);
    tellPanel();
    const slot = document.getElementById(isNear && !wide.matches ? 'between' : 'narrow');
    if (narrowing.parentNode === slot) return;
    const focused = narrowing.contains(document.activeElement) ? document.activeElement : null;
    slot.append(narrowing);
    if (focused) focused.focus();
  };

  const nameHere = (area) => {
    const name = document.getElementById('whereabouts');
    const unnamed = here?.from === 'there' ? nuanyi.texts.spot : nuanyi.texts.mine;
    name.textContent = area || (here ? unnamed : name.dataset.none);
    name.lang = area ? 'zh-CN' : '';
    if (!area) name.removeAttribute('lang');
  };

  const show = (part) => {
    const [best, others] = part.querySelectorAll('[data-part]');
    const isFar = best.hasAttribute('data-far');
    const far = best.querySelector('.far-note');
    first.replaceChildren(...(isFar && listed.length ? listed : best.childNodes));
    rest.replaceChildren(...others.childNodes);
    for (const wish of first.querySelectorAll('.wish')) wish.hidden = false;
    if (isFar) {
      here = null;
      nuanyi.forgetHere();
      setNear(false);
      nameHere('');
      nuanyi.offer('far', [...far.querySelectorAll('h2, .far-how')].map((one) => one.textContent).join(nuanyi.texts.stop));
      return;
    }
    setNear(true);
    if (here.from !== 'place') nameHere(best.dataset.area);
    nuanyi.offer(nuanyi.isRough(here) ? 'rough' : null, nuanyi.describe(here));
    map.onMap(map.showAnswer);
    nuanyi.keepPack?.(here); // asks for the stations around, for when there is no line
  };

  // A chip that was touched stays under the thumb, however long the answer above it has become
  const showUnmoved = (part) => {
    const before = narrowing.getBoundingClientRect().top;
    show(part);
    const box = wide.matches ? document.querySelector('.side') : window;
    box.scrollBy(0, narrowing.getBoundingClientRect().top - before);
  };

  const ask = async (tell = show) => {
    const turn = ++asked;
    const query = filters();
    query.delete('place');
    query.set('mode', mode());
    if (sought) query.set('q', sought);
    if (nuanyi.isRough(here)) query.set('rough', '1');
    query.set('lon', nuanyi.rounded(here.lon));
    query.set('lat', nuanyi.rounded(here.lat));
    answer.setAttribute('aria-busy', 'true');
    try {
      const got = await (nuanyi.fetchSoon || fetch)(`${nuanyi.texts.near}?${query}`);
      if (!got.ok) throw new Error(`near: ${got.status}`);
      const page = await got.text();
      const part = new DOMParser().parseFromString(page, 'text/html'); // escaped there
      if (turn === asked) tell(part);
    } catch {
      const kept = sought ? null : await nuanyi.keptAnswer?.(here, query); // without a line: from what the phone keeps
      if (turn === asked) {
        if (kept) tell(kept);
        else nuanyi.offer('failed');
      }
    }
    if (turn === asked) answer.removeAttribute('aria-busy');
  };

  // The address holds what narrows the answer, and never a position
  const keepAddress = () => {
    const query = filters();
    if (sought) query.set('q', sought);
    history.replaceState(history.state, '', `${location.pathname}?${query}`.replace(/\?$/, ''));
    for (const link of document.querySelectorAll('.choices a')) {
      const choice = [...new URL(link.href).searchParams].filter(([name]) => name === 'lang' || name === 'type');
      link.search = new URLSearchParams([...query, ...choice]);
    }
  };

  // What the phone says, or a touch on the map, goes before a place, words or an area asked for
  const stand = (place) => {
    here = place;
    sought = '';
    nuanyi.keepHere(place);
    form.elements.place?.remove();
    for (const name of ['q', 'area']) if (form.elements[name]) form.elements[name].value = '';
    turnPanel(false);
    nameHere('');
    keepAddress();
    return ask();
  };

  // Words typed where a position is known: the nearest stations that have them; without, the nearest
  const seek = async (words) => {
    sought = words.trim();
    form.elements.q.value = words;
    turnPanel(false);
    keepAddress();
    await ask();
    answer.tabIndex = -1;
    answer.focus({ preventScroll: true }); // the box it was typed into may be gone
  };

  // Whether a form that is sent can be answered on the spot: an area, another time are pages
  const isSought = (submitter) => here && !form.elements.area?.value
    && form.elements.at.value === form.elements.at.defaultValue
    && (!submitter || submitter.closest('.search'));

  const locate = async () => {
    button.disabled = true;
    const found = await nuanyi.locate();
    button.disabled = false;
    if (found) await stand(found);
  };

  // --- the place in the head opens the ways to say where one is
  const turnPanel = (isOpen) => {
    body.classList.toggle('asking', isOpen);
    tellPanel();
  };

  const openPanel = (isForWords) => {
    turnTo('list');
    turnPanel(true);
    (isForWords || button.hidden ? form.elements.q : button).focus();
    scrollTo(0, 0);
  };

  const wish = async (target) => {
    const said = target.parentNode.querySelector('[role="status"]');
    target.disabled = true;
    const [lon, lat] = [here.lon, here.lat].map((degrees) => Number(degrees.toFixed(3)));
    try {
      const got = await fetch(nuanyi.texts.wishes, {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ lon, lat, mark: nuanyi.deviceMark?.() }),
      });
      if (!got.ok) throw new Error(`wishes: ${got.status}`);
      target.hidden = true;
      said.textContent = nuanyi.texts.wished;
    } catch {
      target.disabled = false;
      said.textContent = nuanyi.texts.failed;
    }
  };

  // --- on a phone the map is a step from the list, and the phone's back key leads back to it
  let left = null; // what had the focus when the map came in front
  const goTo = (tab) => {
    if (tab === 'map') left = document.activeElement;
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
    if (tab === 'list' && left?.isConnected && !document.activeElement.closest('.tabs')) left.focus();
    if (tab === 'map') {
      map.onMap(() => {
        nuanyi.map.invalidateSize();
        map.showAnswer();
      });
    }
  };

  const map = nuanyi.tieMap({ answer, wide, mode, stand, goTo, here: () => here });

  // --- filters: beside a position they are asked at once, else the list is asked for as a page
  const narrow = () => {
    if (!here) return form.requestSubmit();
    keepAddress();
    return ask(showUnmoved);
  };

  const onTouch = (event) => {
    const { target } = event;
    if (!(target instanceof Element)) return;
    const out = target.closest('[data-out]');
    const wished = target.closest('[data-wish]');
    const nearest = target.closest('[data-nearest]');
    if (nearest && here) {
      event.preventDefault();
      seek('');
    }
    if (out && out.dataset.out === 'search') openPanel(true);
    if (out && out.dataset.out === 'map') {
      goTo('map');
      nuanyi.say(nuanyi.texts.pickGround);
    }
    if (wished && here) wish(wished);
  };

  const listen = () => {
    form.addEventListener('formdata', ({ formData }) => {
      for (const [name, value] of [...formData]) {
        if (!value || (name === 'mode' && value === 'walk')) formData.delete(name); // short addresses
      }
    });
    narrowing.addEventListener('change', ({ target }) => {
      if (target.name === 'mode') nuanyi.keepMode(mode());
      if (target.matches('.chip input')) narrow();
    });
    button.addEventListener('click', locate);
    document.querySelector('.side').addEventListener('click', onTouch);
    elsewhere.setAttribute('role', 'button');
    elsewhere.addEventListener('keydown', (event) => {
      if (event.key === ' ') elsewhere.click();
      if (event.key === ' ') event.preventDefault();
    });
    elsewhere.addEventListener('click', (event) => {
      event.preventDefault();
      if (body.classList.contains('asking') && !body.classList.contains('tab-map')) turnPanel(false);
      else openPanel(false);
    });
    for (const link of document.querySelectorAll('.tabs a')) {
      link.addEventListener('click', (event) => {
        event.preventDefault();
        if (link.dataset.tab === 'list' && history.state?.tab === 'map') history.back();
        else goTo(link.dataset.tab);
      });
    }
    const area = form.elements.area;
    let isTyped = false; // by arrow keys one passes over many on the way
    area?.addEventListener('keydown', () => { isTyped = true; });
    area?.addEventListener('pointerdown', () => { isTyped = false; });
    area?.addEventListener('change', () => {
      form.elements.place?.remove();
      if (!isTyped) form.requestSubmit();
    });
    form.addEventListener('submit', (event) => {
      if (isSought(event.submitter)) {
        event.preventDefault();
        seek(form.elements.q.value);
      } else if (form.elements.q.value) form.elements.place?.remove();
    });
    addEventListener('popstate', (event) => turnTo(event.state?.tab || 'list'));
    wide.addEventListener('change', () => {
      setNear(body.classList.contains('near'));
      map.onMap(map.showAnswer);
    });
  };

  // A page from before was kept as it is when nothing is asked for: the address says what is
  const askAsAddress = () => {
    const query = new URLSearchParams(location.search);
    const said = (name) => query.getAll(name).join(',').split(',');
    for (const input of narrowing.querySelectorAll('input')) {
      if (input.name === 'at') input.defaultValue = (query.get('at') || '').slice(0, 16);
      else if (input.type === 'checkbox') input.checked = said(input.name).includes(input.value);
      else if (query.has(input.name)) input.checked = input.value === query.get(input.name);
    }
    const more = narrowing.querySelector('.more');
    more.open = Boolean(form.elements.at.value || more.querySelector('input:checked')); // to be seen
  };

  const keepMode = async () => {
    if (new URLSearchParams(location.search).has('mode')) return nuanyi.keepMode(mode());
    const isOther = mode() !== nuanyi.keptMode();
    form.elements.mode.value = nuanyi.keptMode();
    return isOther && here ? ask() : null;
  };

  const start = async () => {
    listen();
    const { lon, lat } = answer.dataset;
    if (lon) here = { lon: Number(lon), lat: Number(lat), accuracy: null, from: 'place' };
    setNear(Boolean(here));
    turnPanel(false);
    nuanyi.suggest({ input: form.elements.q, list: document.getElementById('found'), here: () => here, filters });
    map.onMap(() => {});
    if (window.isSecureContext) button.hidden = false;
    if (nuanyi.keptAt) askAsAddress();
    await keepMode();
    const kept = nuanyi.keptHere();
    if (here || /[?&](area|page)=[^&]/.test(location.search)) return;
    if (kept && sought) {
      here = kept;
      await ask();
    } else if (sought) return;
    else if (kept) await stand(kept);
    else if (!window.isSecureContext) nuanyi.offer('insecure');
    else if (await nuanyi.isAllowed()) await locate();
  };

  start();
})();
