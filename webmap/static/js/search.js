// What the words typed so far would find, under the search box: stations to open, places to stand at.
'use strict';
window.nuanyi = window.nuanyi || {};

nuanyi.suggest = ({ input, list, here, filters }) => {
  const WAIT_MS = 180;
  const LEAST_PX = 140;
  const MOST = { stations: 5, places: 4 };
  const { texts } = nuanyi;
  const isChinese = document.documentElement.lang.startsWith('zh');
  let timer = 0;
  let asked = 0;
  let active = -1;

  const part = (tag, name, text, isOwners) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text) node.textContent = text;
    if (isOwners && !isChinese) node.lang = 'zh-CN';
    return node;
  };

  const icon = (name) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    svg.setAttribute('aria-hidden', 'true');
    use.setAttribute('href', `#${name}`);
    svg.append(use);
    return svg;
  };

  const options = () => [...list.querySelectorAll('[role="option"]')];

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };

  // The list ends above the tabs and the keyboard, and is scrolled itself
  const fit = () => {
    const tabs = document.querySelector('.tabs')?.getBoundingClientRect();
    const seen = window.visualViewport?.height ?? innerHeight;
    const bottom = Math.min(seen, tabs?.height ? tabs.top : innerHeight);
    list.style.maxHeight = `${Math.max(LEAST_PX, bottom - list.getBoundingClientRect().top - 8)}px`;
  };

  const activate = (place) => {
    const all = options();
    active = all.length ? (place + all.length) % all.length : -1;
    all.forEach((one, number) => one.setAttribute('aria-selected', String(number === active)));
    if (active < 0) return;
    input.setAttribute('aria-activedescendant', all[active].id);
    all[active].scrollIntoView({ block: 'nearest' });
  };

  const option = (number, sign, name, about, address, isAboutOwners) => {
    const item = part('li', 'one');
    const words = part('span', 'what');
    words.append(part('span', 'name', name, true), ' ', part('span', 'soft', about, isAboutOwners));
    item.append(icon(sign), words);
    Object.assign(item, { id: `found-${number}` }).setAttribute('role', 'option');
    item.setAttribute('aria-selected', 'false');
    item.dataset.address = address;
    return item;
  };

  const placeAddress = (id) => {
    const query = filters();
    query.set('place', id);
    return `${texts.finder}?${query}`;
  };

  const kindWord = (kind) => texts.placeKinds[kind] || texts.placeKinds[kind.split('=')[0]] || '';

  const show = (found) => {
    const stations = found.stations.slice(0, MOST.stations);
    const places = found.places.slice(0, MOST.places);
    const items = [
      ...places.map((one) => [
        'i-place', one.name, [kindWord(one.kind), one.area, texts.fromHere].filter(Boolean).join(' · '), placeAddress(one.id), false,
      ]),
      ...stations.map((one) => [
        `i-${one.kind}`, one.name, one.address || one.subdistrict,
        texts.station + one.code.split('/').map(encodeURIComponent).join('/'), true,
      ]),
    ].map((cells, number) => option(number, ...cells));
    const head = items.length ? (found.is_guess ? texts.guess : '') : texts.nothing;
    const note = head ? [part('li', 'note soft', head)] : [];
    for (const one of note) one.setAttribute('role', 'presentation');
    list.replaceChildren(...note, ...items);
    list.hidden = false;
    fit();
    active = -1;
    input.setAttribute('aria-expanded', 'true');
    input.removeAttribute('aria-activedescendant');
  };

  const ask = async () => {
    const turn = ++asked;
    const words = input.value.trim();
    if (!words) return close();
    const query = new URLSearchParams({ q: words, limit: MOST.stations });
    if (here()) {
      query.set('lon', nuanyi.rounded(here().lon));
      query.set('lat', nuanyi.rounded(here().lat));
    }
    try {
      const got = await fetch(`${texts.search}?${query}`);
      if (!got.ok) throw new Error(`search: ${got.status}`);
      const found = await got.json();
      if (turn === asked && document.activeElement === input) show(found);
    } catch {
      if (turn === asked) close(); // the button beside it still asks
    }
    return undefined;
  };

  const open = (item) => {
    if (item?.dataset.address) location.assign(item.dataset.address);
  };

  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-controls', list.id);
  input.setAttribute('aria-expanded', 'false');
  input.addEventListener('input', (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, WAIT_MS); // half-typed pinyin is no question
  });
  input.addEventListener('compositionend', () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener('keydown', (event) => {
    if (list.hidden || event.isComposing) return;
    if (event.key === 'ArrowDown') activate(active + 1);
    else if (event.key === 'ArrowUp') activate(active < 0 ? -1 : active - 1);
    else if (event.key === 'Enter' && active >= 0) open(options()[active]);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
  });
  input.addEventListener('blur', close);
  window.visualViewport?.addEventListener('resize', () => { if (!list.hidden) fit(); });
  list.addEventListener('pointerdown', (event) => event.preventDefault()); // keeps the focus above
  list.addEventListener('click', (event) => open(event.target.closest('[role="option"]')));
};
