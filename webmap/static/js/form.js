'use strict';

// The station form: leaving with unsaved words asks; hours are told back while somebody types them.
(() => {
  const form = document.querySelector('form.form');
  const isTyped = (field) => field.defaultValue !== undefined && field.value !== field.defaultValue;
  let touched = form.hasAttribute('data-touched')  // shown again after a fault: already typed
    || [...form.elements].some(isTyped);  // or typed before this script was there
  let sent = false;

  form.addEventListener('input', ({ target }) => {
    touched = true;
    const isTyping = target !== form && !target.matches('.clash input'); // others tell the form itself
    const field = isTyping && target.closest('.field');
    const mine = field && field.querySelector(':scope > .clash:only-of-type [value="mine"]');
    if (mine) mine.checked = true; // who goes on typing wants what is typed
  });
  form.addEventListener('submit', (event) => {
    if (sent) event.preventDefault();  // a second tap would save twice
    sent = true;
  });
  window.addEventListener('pageshow', () => { sent = false; });  // back from the next page
  window.addEventListener('beforeunload', (event) => {
    if (touched && !sent) event.preventDefault();
  });

  // On a phone what is seldom typed is shut, as long as nothing stands in it
  if (window.matchMedia('(max-width: 40rem)').matches) {
    const isEmpty = (field) => (field.type === 'radio' || field.type === 'checkbox' ? !field.checked || !field.value : !field.value);
    for (const fold of form.querySelectorAll('details.fold, details.things')) {
      const fields = [...fold.querySelectorAll('input, select, textarea')];
      const isFirst = fold.matches('.things:first-of-type, .things:nth-of-type(2)');
      fold.open = isFirst || !fields.every(isEmpty) || Boolean(fold.querySelector('.wrong'));
    }
  }

  const tell = async (box, text) => {
    const query = new URLSearchParams({ field: box.dataset.reads, text });
    const answer = await fetch(`${form.dataset.reading}?${query}`, {
      headers: { Accept: 'application/json' }, redirect: 'error',
    });
    if (!answer.ok) return;
    const { status, lines, tapped } = await answer.json();
    if (document.getElementById(`f-${box.dataset.reads}`).value !== text) return;  // typed on
    box.className = `reading read-${status || 'empty'}`;
    box.replaceChildren(...lines.map((line) => Object.assign(document.createElement('p'), { textContent: line })));
    box.dispatchEvent(new CustomEvent('told', { detail: { text, tapped } }));
  };

  for (const box of form.querySelectorAll('[data-reads]')) {
    const field = document.getElementById(`f-${box.dataset.reads}`);
    let waiting = 0;
    field.addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => tell(box, field.value).catch(() => {}), 400);
    });
  }
})();
