// Buttons that copy a text: an address, a position. On plain http a browser has no clipboard of its own.
'use strict';

(() => {
  const SAID_MS = 2500;
  const aloud = document.createElement('p'); // for whoever does not see the button
  aloud.className = 'unseen';
  aloud.setAttribute('role', 'status');
  document.body.append(aloud);

  const byHand = (text) => {
    const field = Object.assign(document.createElement('textarea'), { value: text, readOnly: true });
    field.className = 'unseen';
    document.body.append(field);
    field.select();
    const isDone = document.execCommand('copy');
    field.remove();
    return isDone;
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return byHand(text);
    }
  };

  for (const button of document.querySelectorAll('[data-copy]')) button.hidden = false;
  document.addEventListener('click', async ({ target }) => {
    const button = target.closest && target.closest('[data-copy]'); // one may come later
    if (!button) return;
    button.dataset.word = button.dataset.word || button.textContent;
    const isDone = await copy(button.dataset.copy);
    button.focus();
    button.textContent = isDone ? nuanyi.texts.copied : nuanyi.texts.notCopied;
    aloud.textContent = button.textContent;
    setTimeout(() => { button.textContent = button.dataset.word; }, SAID_MS);
  });
})();
