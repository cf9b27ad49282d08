// Open, locked, gone, broken: one tap, kept on the device until it is sent, taken back for a moment.
'use strict';
window.nuanyi = window.nuanyi || {};

(() => {
  const QUEUE = 'nuanyi-told';
  const MARK = 'nuanyi-mark';
  const UNDO_MS = 5000; // before it is sent
  const OLD_MS = 47.5 * 3600 * 1000; // the site takes none older than 48 h
  const AGAIN_MS = 60000; // after a try that failed while the browser thinks it has a line
  const MOST = 50; // kept at a time
  const DOOR_M = 200;
  const words = JSON.parse(document.getElementById('tell-words').textContent);
  const shown = new Map(); // id: the form it was said in
  let memory = {}; // where a browser keeps nothing
  let sending = null;
  let again = 0;

  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return memory[key] ?? null;
    }
  };

  const write = (key, value) => {
    memory[key] = value;
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch { /* as above */ }
  };

  // A UUID; browsers make one by themselves only over https
  const newId = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  };

  const mark = () => {
    const kept = read(MARK);
    if (typeof kept === 'string' && kept) return kept;
    const made = newId();
    write(MARK, made);
    return made;
  };

  nuanyi.deviceMark = mark;

  const queue = () => {
    const kept = read(QUEUE);
    return Array.isArray(kept) ? kept.filter((one) => Date.now() - Date.parse(one.body.at) < OLD_MS) : [];
  };

  const drop = (id) => write(QUEUE, queue().filter((one) => one.body.id !== id));

  // Whether the device is at the door, if it was asked where it is for another reason; never where
  const isNear = (form) => {
    const here = nuanyi.keptHere && nuanyi.keptHere();
    const place = form.closest('[data-lon]');
    if (!here || !place || here.accuracy === null || here.accuracy === undefined) return {};
    const north = (Number(place.dataset.lat) - here.lat) * 111200;
    const east = (Number(place.dataset.lon) - here.lon) * 111200 * Math.cos(here.lat * Math.PI / 180);
    return { near: Math.hypot(north, east) < DOOR_M + here.accuracy };
  };

  const say = (form, text, undo) => {
    if (!form || !form.isConnected) return;
    const line = form.querySelector('.tell-said');
    line.replaceChildren(text);
    if (!undo) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    button.textContent = words.undo;
    button.addEventListener('click', undo, { once: true });
    line.append(button);
  };

  const press = (form, pressed) => {
    for (const button of form.querySelectorAll('button[name="what"]')) button.setAttribute('aria-pressed', button === pressed);
  };

  // true: it is settled, for good or not; false: later
  const send = async ({ address, body }) => {
    const form = shown.get(body.id);
    let answer;
    try {
      answer = await fetch(address, {
        method: 'POST',
        keepalive: true,
        credentials: 'omit',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ ...body, sent_at: new Date().toISOString(), mark: mark() }),
      });
    } catch {
      say(form, words.kept);
      return false;
    }
    if (answer.status === 429 || answer.status >= 500) {
      say(form, answer.status === 429 ? words.later : words.kept);
      return false;
    }
    if (!answer.ok) {
      say(form, words.failed);
      return true;
    }
    const { reported_locked: isLocked } = await answer.json().catch(() => ({}));
    say(form, body.state === 'locked' && isLocked ? words.locks : `${words[body.state]}${words.sent}`);
    return true;
  };

  // Send what is due, one after the other, in its order; `all`: the page goes, nothing waits
  const flush = async (all) => {
    clearTimeout(again);
    for (const one of queue()) {
      if (!all && one.due > Date.now()) continue;
      if (await send(one)) drop(one.body.id);
      else {
        again = setTimeout(start, AGAIN_MS);
        return;
      }
    }
  };

  const start = () => {
    sending = sending || flush(false).finally(() => { sending = null; });
    return sending;
  };

  const tell = (button) => {
    const { form } = button;
    const [state, amenity] = button.value.split(':');
    const body = { id: newId(), state, at: new Date().toISOString(), ...(amenity ? { amenity } : {}), ...isNear(form) };
    // Another tap on the door within the moment takes the first one's place
    const kept = queue().filter((one) => amenity || one.body.amenity || one.address !== form.dataset.tell || one.due <= Date.now());
    write(QUEUE, [...kept, { address: form.dataset.tell, due: Date.now() + UNDO_MS, body }].slice(-MOST));
    shown.set(body.id, form);
    press(form, button);
    say(form, navigator.onLine && !nuanyi.keptAt ? words[state] : `${words[state]}${words.kept}`, () => {
      clearTimeout(timer);
      drop(body.id);
      press(form, null);
      say(form, words.undone);
      button.focus();
    });
    const timer = setTimeout(async () => {
      if (sending) await sending;
      start();
    }, UNDO_MS + 50);
  };

  document.addEventListener('click', (event) => {
    const button = event.target.closest && event.target.closest('form.tell button[name="what"]');
    if (!button) return;
    event.preventDefault();
    tell(button);
  });
  window.addEventListener('online', start);
  window.addEventListener('pagehide', () => { flush(true); });
  start();
})();
