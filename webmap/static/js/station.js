// The station page: the way from where the visitor stands in lines and on the map, on foot or by bike.
'use strict';

(() => {
  const page = document.querySelector('.place-page');
  const { code, lon, lat, kind, state } = page.dataset;
  const place = [Number(lon), Number(lat)];
  const button = document.getElementById('go');
  const told = document.getElementById('told');
  const isChinese = document.documentElement.lang.startsWith('zh');
  let drawn = null; // { here, line } as on the map
  let asked = 0;

  // --- the way in lines, as templates/way.html writes them
  const part = (tag, name, ...content) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    node.append(...content);
    return node;
  };

  const icon = (turn) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    svg.setAttribute('aria-hidden', 'true');
    use.setAttribute('href', `#t-${turn}`);
    svg.append(use);
    return svg;
  };

  // A street's name may be Chinese on a page that is not
  const words = ({ text, street, is_local: isLocal }) => {
    const begin = isLocal && !isChinese ? text.indexOf(street) : -1;
    if (begin < 0) return part('span', '', text);
    const name = part('span', '', street);
    name.lang = 'zh-CN';
    return part('span', '', text.slice(0, begin), name, text.slice(begin + street.length));
  };

  const tellWay = ({ properties }) => {
    const items = properties.lines.map((line) => part('li', line.turn === 'arrive' ? 'arrive' : '', icon(line.turn), words(line)));
    const isRough = nuanyi.isRough(drawn.here);
    const length = part('p', 'length', nuanyi.sayWay(properties, nuanyi.keptMode(), isRough));
    length.dataset.metres = properties.metres;
    document.getElementById('modes').hidden = false;
    const lines = part('ol', 'steps-of-way', ...items);
    told.replaceChildren(length, ...(isRough ? folded(lines) : [lines]));
    if (isRough) document.getElementById('from-else').open = true;
  };

  // From a rough position the first lines may be wrong: the other ways to say it come before them
  const folded = (lines) => {
    const summary = part('summary', '', nuanyi.texts.linesAnyway);
    return [part('p', '', nuanyi.texts.linesRough), part('details', 'lines-anyway', summary, lines)];
  };

  // --- the map, loaded when it is seen
  const draw = () => {
    nuanyi.highlight(code, place[0], place[1], kind, state);
    if (!drawn) {
      nuanyi.showWay(null); // that from before, from elsewhere
      return nuanyi.fitTo([place]);
    }
    const { here, line } = drawn;
    nuanyi.setSelf(here.lon, here.lat, here.accuracy ?? null);
    nuanyi.showWay(line);
    return nuanyi.fitTo([...line, place]);
  };

  const watchMap = () => {
    const box = document.querySelector('.way-box .map');
    box.parentElement.classList.add('is-live'); // without scripts there is no map, and no empty box
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      nuanyi.loadMap().then(draw).catch(() => nuanyi.say(nuanyi.texts.failed));
    }, { rootMargin: '100px' });
    seen.observe(box);
    if (button) nuanyi.whenMap(() => nuanyi.onGround(({ lon: x, lat: y }) => {
      const here = { lon: x, lat: y, accuracy: null, from: 'there' }; // a device may be wrong by kilometres
      nuanyi.keepHere(here);
      show(here);
    }));
  };

  // --- where the visitor stands
  const show = async (here) => {
    const turn = ++asked;
    try {
      const way = await nuanyi.fetchWay(here, code);
      if (turn !== asked) return;
      nuanyi.say(nuanyi.describe(here));
      button.classList.add('second');
      drawn = way && { here, line: way.geometry.coordinates };
      if (way) tellWay(way);
      else told.replaceChildren(part('p', '', nuanyi.texts.noway));
      if (nuanyi.map) draw();
    } catch {
      if (turn === asked) nuanyi.say(nuanyi.texts.failed);
    }
  };

  const locate = async () => {
    button.disabled = true;
    const here = await nuanyi.locate();
    button.disabled = false;
    if (here) await show(here);
    else document.getElementById('from-else').open = true;
  };

  // --- on foot or by bike: kept on the device, and no reason to ask again
  const turnTo = (mode) => {
    nuanyi.keepMode(mode);
    for (const link of document.querySelectorAll('.modes a')) {
      if (link.dataset.mode === mode) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
    for (const link of document.querySelectorAll('.doors a')) link.href = link.dataset[mode];
    const length = told.querySelector('.length');
    if (length) length.textContent = nuanyi.sayWay({ metres: Number(length.dataset.metres) }, mode, nuanyi.isRough(drawn?.here));
  };

  const listen = () => {
    button.hidden = false;
    button.addEventListener('click', locate);
    for (const link of document.querySelectorAll('.modes a')) {
      link.addEventListener('click', (event) => {
        event.preventDefault();
        history.replaceState(history.state, '', link.href);
        turnTo(link.dataset.mode);
      });
    }
  };

  const start = async () => {
    if (!button) return watchMap(); // a place that is no more: there is no way to it
    const given = document.getElementById('told-way');
    const isGiven = /[?&](place|from)=[^&]/.test(location.search);
    if (given) {
      const { here, line } = JSON.parse(given.textContent);
      drawn = { here: { lon: here[0], lat: here[1] }, line };
    }
    if (!isGiven) document.getElementById('from-else').open = false;
    listen();
    turnTo(/[?&]mode=ride/.test(location.search) ? 'ride' : nuanyi.keptMode());
    watchMap();
    if (isGiven) return null;
    const kept = nuanyi.keptHere();
    if (kept) return show(kept);
    return location.hash === '#way' && await nuanyi.isAllowed() ? locate() : null;
  };

  start();
})();
