'use strict';

// The stations around the one that is being typed: listed with distances and numbered on the map.
// Positions go in the body of a request, never in its address.
(() => {
  const box = document.getElementById('alike');
  const form = box && box.closest('form');
  if (!form) return;
  const field = (name) => document.getElementById(`f-${name}`);
  const TYPED = ['name', 'address', 'district', 'subdistrict', 'phone_public', 'lon', 'lat'];
  const WAIT_MS = 600;
  const NUMBER_PX = 28;
  const [list, doubts] = [box.querySelector('ol'), box.querySelector('.alike-doubts')];
  let pins = [];
  let asked = 0;

  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text) node.textContent = text;
    return node;
  };

  const line = (other, number) => {
    const item = make('li', other.why.length ? 'alike-same' : '');
    const said = make('p');
    const facts = [other.away, other.address, other.status].filter(Boolean).join(' · ');
    said.append(make('strong', '', other.name), make('span', 'said soft', facts));
    if (other.why.length) said.append(make('span', 'said', box.dataset.same + other.why.join('；')));
    const link = Object.assign(make('a', '', box.dataset.look), { href: other.page, target: '_blank', rel: 'noopener' });
    item.append(make('span', 'alike-number', String(number)), said, link);
    return item;
  };

  const pin = (other, number) => {
    const node = make('span', `alike-number${other.why.length ? ' alike-sure' : ''}`, String(number));
    const icon = L.divIcon({ html: node, className: 'alike-pin', iconSize: [NUMBER_PX, NUMBER_PX] });
    return L.marker(window.nuanyi.toMap(other.lon, other.lat), { icon, interactive: false, keyboard: false }).addTo(window.nuanyi.map);
  };

  const show = ({ others, doubts: said }) => {
    list.replaceChildren(...others.map((other, place) => line(other, place + 1)));
    doubts.replaceChildren(...said.map((text) => make('p', 'alike-doubt', text)));
    box.querySelector('h3').hidden = !others.length;
    box.hidden = !others.length && !said.length;
    for (const one of pins) one.remove();
    pins = [];
    if (window.nuanyi && window.nuanyi.whenMap) {
      const own = asked;
      window.nuanyi.whenMap(() => {
        if (own === asked) pins = others.map((other, place) => pin(other, place + 1));
      });
    }
  };

  const look = async () => {
    asked += 1;
    const own = asked;
    if (!field('lon').value.trim() || !field('lat').value.trim()) {
      show({ others: [], doubts: [] });
      return;
    }
    const body = new FormData();
    for (const name of ['csrf_token', 'store']) body.append(name, form.elements[name].value);
    for (const name of TYPED) body.append(name, field(name).value);
    body.append('code', box.dataset.code || '');
    const answer = await fetch(box.dataset.alike, { method: 'POST', body, headers: { Accept: 'application/json' }, redirect: 'error' });
    if (!answer.ok || own !== asked) return;
    const said = await answer.json();
    if (own === asked) show(said); // else: typed on
  };

  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => look().catch(() => {}), WAIT_MS);
  };
  const state = () => TYPED.map((name) => field(name).value).join('\n');
  let known = state();
  form.addEventListener('input', () => { // the map's pin and pasted positions tell of themselves so too
    const now = state();
    if (now !== known) soon();
    known = now;
  });
  if (field('lon').value) soon();
})();
