'use strict';

// Where a station is: the map's pin, the device's own position, a pasted one, and what lies around.
// Positions go in the body of a request, never in its address.
(() => {
  const form = document.querySelector('form.form');
  const box = document.querySelector('.placing');
  if (!form || !box) return;
  const at = (id) => document.getElementById(id);
  const [lon, lat] = [at('f-lon'), at('f-lat')];
  const DECIMALS = 6; // 0.1 m
  const ROUGH_M = 50; // a device that knows its place worse may stand at the next door
  const WAIT_MS = 500;
  let picker = null;

  const ask = async (address, fields) => {
    const body = new FormData();
    for (const name of ['csrf_token', 'store']) body.append(name, form.elements[name].value);
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    const answer = await fetch(address, { method: 'POST', body, headers: { Accept: 'application/json' }, redirect: 'error' });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };
  const lines = (node, texts) => node.replaceChildren(...texts.map((text) => Object.assign(document.createElement('p'), { textContent: text })));
  const number = (input, most) => {
    const degrees = Number(input.value.trim());
    return input.value.trim() && Math.abs(degrees) <= most ? degrees : null;
  };
  const touch = () => form.dispatchEvent(new Event('input', { bubbles: true }));

  // What lies around
  const around = at('around');
  const take = (word, fill) => {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'second', textContent: word });
    button.addEventListener('click', () => {
      fill();
      touch();
      button.remove();
      around.focus();
    });
    return button;
  };
  let asked = 0;
  const lookAround = async () => {
    const [x, y] = [number(lon, 180), number(lat, 90)];
    asked += 1;
    const own = asked;
    if (x === null || y === null) {
      around.replaceChildren();
      return;
    }
    const { district, subdistrict, address } = await ask(box.dataset.around, { lon: x, lat: y });
    if (own !== asked) return; // moved on
    const names = [district, subdistrict].filter(Boolean);
    const fields = [[at('f-district'), district], [at('f-subdistrict'), subdistrict]];
    const say = [names.length ? around.dataset.here.replace('{area}', names.join(' ')) : around.dataset.outside];
    if (fields.some(([input, name]) => name && !input.value.trim())) say.push(around.dataset.filled);
    lines(around, [say.join('')]);
    if (fields.some(([input, name]) => name && input.value.trim() && input.value.trim() !== name)) {
      around.append(take(around.dataset.areas.replace('{area}', names.join(' ')), () => {
        for (const [input, name] of fields) if (name) input.value = name;
      }));
    }
    if (address && at('f-address').value.trim() !== address) {
      around.append(take(around.dataset.take.replace('{address}', address), () => { at('f-address').value = address; }));
    }
  };
  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => lookAround().catch(() => {}), WAIT_MS);
  };
  for (const input of [lon, lat]) input.addEventListener('input', soon);

  // A position from elsewhere: device or paste
  const put = (x, y) => {
    if (picker) picker.moveTo(x, y);
    [lon.value, lat.value] = [x.toFixed(DECIMALS), y.toFixed(DECIMALS)];
    touch();
    soon();
  };

  const here = at('here');
  const say = (text) => { at('here-said').textContent = text; };
  if (navigator.geolocation && window.isSecureContext) here.parentElement.hidden = false;
  here.addEventListener('click', () => {
    here.setAttribute('aria-busy', 'true');
    say(here.dataset.waiting);
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      here.removeAttribute('aria-busy');
      put(coords.longitude, coords.latitude);
      if (picker) picker.circle(coords.longitude, coords.latitude, coords.accuracy);
      const metres = Math.max(1, Math.round(coords.accuracy));
      say((metres > ROUGH_M ? here.dataset.rough : here.dataset.fine).replace('{metres}', metres));
    }, (error) => {
      here.removeAttribute('aria-busy');
      say(error.code === error.PERMISSION_DENIED ? here.dataset.denied : here.dataset.failed);
    }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 0 });
  });

  const [pasted, copied, placed] = [at('f-pasted'), at('copied'), at('f-placed')];
  const chosen = () => form.querySelector('[name="pasted_datum"]:checked');
  const read = async () => {
    const text = pasted.value;
    const { status, lines: said, lon: x, lat: y, mark } = await ask(box.dataset.position, { text, datum: chosen() ? chosen().value : '' });
    if (pasted.value !== text) return;
    at('r-pasted').className = `reading read-${status === 'ask' ? 'partial' : status}`;
    lines(at('r-pasted'), said);
    copied.hidden = status !== 'ask' && !chosen();
    if (status !== 'ok') return;
    put(Number(x), Number(y));
    placed.value = mark;
  };
  const later = () => read().catch(() => { lines(at('r-pasted'), [box.dataset.failed]); });
  let typing = 0;
  pasted.addEventListener('input', () => {
    clearTimeout(typing);
    if (chosen()) chosen().checked = false; // another text, another origin
    copied.hidden = true;
    if (pasted.value.trim()) typing = setTimeout(later, WAIT_MS);
    else at('r-pasted').replaceChildren();
  });
  copied.addEventListener('change', later);
  box.querySelector('[name="locate"]').remove(); // pasting is enough

  if (window.nuanyi && window.nuanyi.whenMap) {
    window.nuanyi.whenMap(() => {
      picker = window.nuanyi.picker({
        lonInput: lon,
        latInput: lat,
        onChange: () => {
          touch();
          soon();
        },
      });
    });
  }
  soon();
})();
