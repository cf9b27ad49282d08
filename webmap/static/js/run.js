// The page of a run at work: moves the bar; when the run has ended the page shows what came of it.
'use strict';

(() => {
  const at = (id) => document.getElementById(id);
  const box = at('waiting');

  const ask = async () => {
    let wait = 700;
    try {
      const answer = await fetch(box.dataset.state, { cache: 'no-store' });
      if (answer.redirected || !answer.ok) {
        location.reload();
        return;
      }
      const state = await answer.json();
      if (state.has_ended) {
        location.reload();
        return;
      }
      if (state.share === null) at('bar').removeAttribute('value');
      else at('bar').value = state.share;
      at('no-worker').hidden = !state.lacks_worker;
      if (at('stage').textContent !== state.word) at('stage').textContent = state.word;
      at('percent').textContent = state.percent;
      at('log').textContent = state.log;
      at('log').parentElement.hidden = !state.log;
    } catch {
      wait = 4000; // no network at the moment: the run goes on without us
    }
    setTimeout(ask, wait);
  };
  setTimeout(ask, 500);
})();
