// The planner's desk: sizes before an upload, the bar while a run works, the lines of a result.
'use strict';
window.nuanyi = window.nuanyi || {};

(() => {
  const at = (id) => document.getElementById(id);

  // Says at once what the server would say after minutes
  const watchForm = (form) => {
    const files = at('tracks');
    const fault = at('tracks-size');
    const check = () => {
      const most = Number(form.dataset.most);
      const size = [...files.files].reduce((sum, file) => sum + file.size, 0);
      fault.hidden = size <= most;
      fault.textContent = size > most ? form.dataset.tooLarge : '';
      return size <= most;
    };
    files.addEventListener('change', check);
    at('own_limit').addEventListener('focus', () => {
      form.querySelector('[name="limit"][value="own"]').checked = true;
    });
    form.addEventListener('submit', (event) => {
      if (!event.submitter?.value && !check()) {
        event.preventDefault();
        files.focus();
        return;
      }
      at('run-sending').hidden = files.files.length === 0;
    });
  };

  // Moves the bar; when the run has ended the page shows what came of it
  const watchRun = (box) => {
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
        at('bar').value = state.share;
        if (at('stage').textContent !== state.word) at('stage').textContent = state.word;
        at('percent').textContent = state.percent;
      } catch {
        wait = 4000; // no network at the moment: the run goes on without us
      }
      setTimeout(ask, wait);
    };
    setTimeout(ask, 500);
  };

  const fill = (text, words) => text.replace(/\{(\w+)\}/g, (_, key) => words[key]);
  const round = (number) => Math.round(number).toLocaleString('en');

  // Tells of one line in words, its head first; the map shows them as text, never as markup
  const tell = (plan, stations) => (line) => {
    const { words } = plan;
    const [day, time] = line.start.split('T');
    const station = stations[line.nearest_code];
    return [
      plan.classes[line.class],
      [
        line.duration_min < 1 ? words.short : fill(words.time, { min: round(line.duration_min) }),
        fill(words.length, { m: round(line.length_m) }),
        fill(words.from, { start: `${day} ${time.slice(0, 5)}` }),
      ].join(' · '),
      ...(station ? [fill(words.nearest, { name: station.name }), station.hours] : [words.none]),
    ];
  };

  const take = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  };

  const showLines = async (plan) => {
    const note = at('lines-note');
    try {
      const [lines, stations] = await Promise.all([take(plan.lines), take(plan.stations)]);
      const drawn = await nuanyi.stretches(lines, { tell: tell(plan, stations) });
      note.dataset.count = String(drawn.count);
    } catch (error) {
      console.warn(error);
      note.textContent = plan.words.failed;
    }
  };

  const watchMap = () => {
    const plan = JSON.parse(at('plan').textContent);
    nuanyi.whenMap(() => showLines(plan));
    const week = document.querySelector('.scroll');
    const early = Math.min(...[...week.querySelectorAll('td:not(.gnone)')].map((cell) => cell.cellIndex || 24));
    const first = week.querySelector(`thead th:nth-child(${early + 1})`);
    if (first) week.scrollLeft = first.offsetLeft - first.offsetWidth * 3;
    for (const button of document.querySelectorAll('.show')) {
      button.hidden = false;
      button.addEventListener('click', () => {
        const [west, south, east, north] = JSON.parse(button.dataset.box);
        nuanyi.whenMap(() => nuanyi.fitTo([[west, south], [east, north]]));
        at('map_main').scrollIntoView({ block: 'center' });
      });
    }
  };

  if (at('run-form')) watchForm(at('run-form'));
  if (at('waiting')) watchRun(at('waiting'));
  if (at('plan')) watchMap();
})();
