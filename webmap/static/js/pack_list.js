// The finder's answer made on the phone, in the shape of templates/near.html and cards.html; text only.
'use strict';

nuanyi.packList = (() => {
  const FAR_M = 50000; // what is kept is of another city
  const LISTED = 10;
  const MOST_NAMED = 30;
  const { rank, judge, NEAR, metresOf } = nuanyi.pack;
  const say = nuanyi.packWords;
  const { part, owned, icon, pathOf, tellDoor, handOver } = nuanyi.packParts;

  const mark = (kind, state) => icon(`m-${kind}-${state}`, `mark is-${state}`);
  const addressOf = (code) => `${nuanyi.stationRoot}${pathOf(code)}`;

  // What is asked for, from the words of an address
  const read = (query, here, at = Date.now()) => {
    const words = (name) => query.getAll(name).join(',').split(',').filter(Boolean);
    const isOn = (name) => query.has(name) && !['0', 'false', 'no', 'off'].includes(query.get(name));
    const moment = query.get('at');
    const needs = words('need').filter((need) => need !== 'no_phone');
    if (isOn('no_phone') || words('need').includes('no_phone')) needs.push('no_phone');
    return {
      lon: here?.lon, lat: here?.lat, needs, kinds: words('kind'),
      mode: query.get('mode') === 'ride' ? 'ride' : 'walk', isOpen: isOn('open'), isAlways: isOn('always'),
      at: moment ? Date.parse(`${moment.slice(0, 16)}:00+08:00`) : at, isNow: !moment,
    };
  };

  const facts = (pack, found, question, most) => {
    const list = part('ul', 'facts');
    for (const [code, word] of say.facts(pack, found, question, most)) {
      const item = part('li', code === 'unknown' ? 'unverified' : '');
      if (document.getElementById(`f-${code}`)) item.append(icon(`f-${code}`));
      item.append(word);
      list.append(item);
    }
    return list.children.length ? list : '';
  };

  const frame = (found, name, ...content) => {
    const { code, lon, lat, kind } = found.station;
    const node = part('li', `station ${name}`.trim(), mark(kind, found.state), part('div', '', ...content));
    Object.assign(node.dataset, { code, lon, lat, kind, state: found.state });
    return node;
  };
  const title = (pack, found, question, isBest) => {
    const link = owned(part('a', '', found.station.name));
    link.href = addressOf(found.station.code);
    const node = part('h3', '', link);
    if (!isBest && found.hasPlace) node.append(' ', part('span', 'minutes', say.minutes(pack, found)));
    return node;
  };
  const lineOf = (pack, found, question) => part('p', `line is-${found.state}`, say.line(pack, found, question));
  const trail = (pack, found) => part('p', 'trail', say.trail(pack, found.station));
  const place = (found) => (found.station.address ? part('p', 'place', icon('i-place'), owned(part('span', '', found.station.address))) : '');

  const best = (pack, found, question) => {
    const node = frame(
      found, 'best', title(pack, found, question, true), part('p', 'way', say.way(pack, found, question)),
      lineOf(pack, found, question), facts(pack, found, question), place(found), trail(pack, found),
    );
    const go = part('a', 'button go', pack.words.more); // the way itself is not kept
    go.href = addressOf(found.station.code);
    node.append(go, tellDoor(pack, found.station));
    return node;
  };
  const row = (pack, found, question) => frame(
    found, '', title(pack, found, question, false), lineOf(pack, found, question), facts(pack, found, question), place(found),
  );

  const notice = (pack, question) => {
    const text = question.at >= pack.end ? pack.words.old : pack.words.notice;
    return nuanyi.keptNote(say.fill(text, { when: nuanyi.sayWhen(pack.made) }));
  };

  const heading = (pack, found, question) => {
    if (!found.length) return [part('h2', '', pack.words.none), part('p', '', pack.words.fewer)];
    if (found[0].insideMin <= NEAR) return [part('h2', '', pack.words.nearest)];
    return [part('h2', 'far', pack.words.far[question.mode])];
  };

  // The two parts of near.html as a fragment; null: what is kept is far from here
  const answer = (pack, here, query) => {
    const question = read(query, here);
    const isNear = pack.stations.some(({ lon, lat }) => metresOf(here.lon, here.lat, lon, lat) <= FAR_M);
    if (!isNear) return null;
    const found = rank(pack, question).slice(0, LISTED);
    const first = part('div', '', notice(pack, question), ...heading(pack, found, question));
    const rest = part('div', '');
    first.dataset.part = 'first';
    rest.dataset.part = 'rest';
    if (found.length) first.append(part('ul', 'stations', best(pack, found[0], question), ...found.slice(1, 3).map((one) => row(pack, one, question))));
    if (found.length > 3) rest.append(part('ul', 'stations', ...found.slice(3).map((one) => row(pack, one, question))));
    const both = document.createDocumentFragment();
    both.append(first, rest);
    return both;
  };

  // On a page from before, where words or needs were asked for: the stations that have them
  const search = (pack, query) => {
    const question = read(query, null);
    const words = (query.get('q') || '').trim();
    const { needs, kinds, isOpen, isAlways } = question;
    const first = document.querySelector('#answer [data-part="first"]');
    const isAsked = words || needs.length || kinds.length || isOpen || isAlways;
    if (!isAsked || !first || document.body.classList.contains('near')) return; // answered from a position
    const parts = words.toLowerCase().split(/\s+/);
    const has = ({ name, address }) => parts.every((one) => `${name} ${address}`.toLowerCase().includes(one));
    const named = pack.stations.filter(has);
    const found = words ? named.map((station) => judge(pack, station, question)).filter(Boolean) : rank(pack, question);
    const text = words ? pack.words[found.length ? 'named' : 'notNamed'].replace('{words}', words) : pack.words[found.length ? 'meeting' : 'none'];
    const list = part('ul', 'stations', ...found.slice(0, MOST_NAMED).map((one) => row(pack, one, question)));
    first.replaceChildren(part('h2', '', text || ''), list);
  };

  // Stations within Leaflet's bounds, as /api/v1/grid gives single ones
  const cells = (pack, bounds, at) => {
    const question = read(new URLSearchParams(at ? { at } : {}), null);
    const inside = pack.stations.filter(({ lon, lat }) => bounds.contains(nuanyi.toMap(lon, lat)));
    return inside.map((station) => judge(pack, station, question)).filter(Boolean).map(({ station, state }) => (
      [station.lon, station.lat, 1, state === 'open' ? 1 : 0, station.kind, state, station.code]
    ));
  };

  // A station on a page from before: its mark and its line as of now
  const judgeAnew = (pack, node, unseen) => {
    const station = pack.stations.find(({ code }) => code === node.dataset.code);
    const question = read(new URLSearchParams(location.search), null);
    const found = station && judge(pack, station, { ...question, needs: [], kinds: [], isOpen: false, isAlways: false });
    if (!found && !node.dataset.state) return; // out of use, and not known to be in use again
    const state = found ? found.state : 'unknown';
    const [line, old] = [node.querySelector('.line'), node.querySelector('.mark')];
    node.dataset.state = state;
    if (old) old.replaceWith(mark(node.dataset.kind, state));
    if (line) {
      line.className = `line is-${state}`;
      line.textContent = found ? say.line(pack, found, question) : unseen;
    }
    for (const aged of node.querySelectorAll('.why')) aged.remove(); // it compared ways and times
  };

  // On the page in place of one that was not kept: all that is known of its station
  const fillPage = (pack) => {
    const slot = document.getElementById('kept');
    if (!slot.dataset.station || !location.pathname.startsWith(slot.dataset.station)) return;
    const code = decodeURIComponent(location.pathname.slice(slot.dataset.station.length));
    const station = pack.stations.find((one) => one.code === code);
    const here = nuanyi.lastHere();
    const question = { ...read(new URLSearchParams(), here), needs: [] };
    const found = station && judge(pack, station, question);
    if (!found) return;
    const name = owned(part('h1', '', station.name));
    const lines = [part('p', 'kind-word', pack.words.kinds[station.kind] || ''), name, lineOf(pack, found, question)];
    if (here) lines.push(part('p', 'way', say.way(pack, found, question)));
    lines.push(place(found), pack.entries[station.entry], facts(pack, found, question, Infinity), trail(pack, found));
    const box = part('div', 'station best kept-station', mark(station.kind, found.state), part('div', '', ...lines.filter(Boolean).map((one) => (typeof one === 'string' ? part('p', '', one) : one))));
    Object.assign(box.dataset, { lon: station.lon, lat: station.lat });
    const number = /\+?\d[\d ()（）-]{3,}\d|\d{5}/.exec(station.phone || '');
    if (number) {
      const call = part('a', 'button wide', `${pack.words.call} ${station.phone}`);
      call.href = `tel:${number[0].replace(/[^\d+]/g, '')}`;
      box.append(call);
    }
    box.append(tellDoor(pack, station));
    nuanyi.texts = { ...nuanyi.texts, ...pack.words.hand }; // what js/copy.js answers
    slot.replaceChildren(notice(pack, question), box, handOver(pack, station));
  };

  return { answer, search, cells, judgeAnew, fillPage };
})();
