'use strict';

// What was typed into the station form stays on this device until it is saved: offered back to the
// same account, for a week at most. On other pages of the desk it only tidies up.
(() => {
  const place = document.getElementById('drafts');
  if (!place) return;
  const PREFIX = 'draft ';
  const MOST_MS = 7 * 24 * 3600 * 1000; // a device may be shared
  const WAIT_MS = 400;
  const SKIPPED = new Set(['csrf_token', 'store', 'seen', 'pasted', 'pasted_datum', 'hours_choice', 'restore']);
  const MOST_NAMES = 6;
  const { owner, store, code, saved } = place.dataset;
  const keyOf = (one) => `${PREFIX}${JSON.stringify([owner, store, one])}`;

  const read = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const drop = (key) => {
    try {
      localStorage.removeItem(key);
    } catch { /* a browser that keeps nothing */ }
  };
  const keep = (key, draft) => {
    try {
      localStorage.setItem(key, JSON.stringify(draft));
    } catch { /* full, or as above */ }
  };
  const keys = () => {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    } catch {
      return [];
    }
  };
  for (const key of keys()) {
    const draft = read(key);
    if (!draft || !(Date.now() - draft.at < MOST_MS && draft.at <= Date.now())) drop(key);
  }
  if (saved !== undefined) drop(keyOf(saved));
  const form = document.querySelector('form.form[data-reading]');
  if (!form || code === undefined) return;

  const key = keyOf(code);
  const values = () => {
    const found = {};
    for (const [name, value] of new FormData(form)) {
      if (!SKIPPED.has(name) && !name.startsWith('pick-') && typeof value === 'string') (found[name] = found[name] || []).push(value);
    }
    return found;
  };
  const differing = (one, other) => [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((name) => JSON.stringify(one[name] || []) !== JSON.stringify(other[name] || []));
  const part = (all, names) => Object.fromEntries(names.map((name) => [name, all[name] || []]));

  const old = read(key);
  const isShownAgain = form.hasAttribute('data-touched');
  const base = isShownAgain && old ? old.base : values(); // as stored, or empty
  let rest = {}; // of an earlier draft that was not answered yet

  let waiting = 0;
  const save = () => {
    waiting = 0;
    const now = values();
    const typed = { ...rest, ...part(now, differing(base, now)) };
    if (Object.keys(typed).length) keep(key, { at: Date.now(), base, typed });
    else drop(key);
  };
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, WAIT_MS);
  };
  form.addEventListener('input', later);
  form.addEventListener('change', later);
  window.addEventListener('pagehide', () => {
    if (waiting) save();
  });
  if (isShownAgain) later();

  const put = (name, wanted) => {
    const inputs = [...form.elements].filter((input) => input.name === name && input.type !== 'file');
    for (const input of inputs) {
      if (input.type === 'radio' || input.type === 'checkbox') input.checked = wanted.includes(input.value);
      else input.value = wanted[0] || '';
    }
    for (const input of inputs.slice(0, 1)) input.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const nameOf = (name) => {
    const input = [...form.elements].find((one) => one.name === name);
    const label = input && input.closest('.thing, .field') && input.closest('.thing, .field').querySelector('legend, label');
    return label ? label.firstChild.textContent.trim() : '';
  };
  const ago = (milliseconds) => {
    const minutes = Math.round(milliseconds / 60000);
    const [count, unit] = minutes < 60 ? [minutes, 'minute'] : minutes < 1440 ? [Math.round(minutes / 60), 'hour'] : [Math.round(minutes / 1440), 'day'];
    return new Intl.RelativeTimeFormat(document.documentElement.lang).format(-count, unit);
  };

  if (!old || isShownAgain) return;
  const names = differing(part(values(), Object.keys(old.typed)), old.typed);
  if (!names.length) {
    drop(key);
    return;
  }
  rest = part(old.typed, names);
  const said = [...new Set(names.map(nameOf).filter(Boolean))];
  const list = said.slice(0, MOST_NAMES).join(document.documentElement.lang === 'en' ? ', ' : '、') + (said.length > MOST_NAMES ? '…' : '');
  place.querySelector('p').textContent = place.dataset.offer.replace('{fields}', list).replace('{ago}', ago(Date.now() - old.at));
  place.hidden = false;
  place.querySelector('[data-take]').addEventListener('click', () => {
    for (const [name, wanted] of Object.entries(rest)) put(name, wanted);
    place.hidden = true;
    rest = {};
    save();
    const first = form.querySelector('.group input:not([type="hidden"])');
    if (first) first.focus();
  });
  place.querySelector('[data-drop]').addEventListener('click', () => {
    place.hidden = true;
    rest = {};
    save();
  });
})();
