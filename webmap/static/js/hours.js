// The choice of an hour of the week: slider, days, step by step, played, or from the table's cells.
'use strict';
window.nuanyi = window.nuanyi || {};

(() => {
  const at = (id) => document.getElementById(id);
  const HOURS = 168;
  const DAY = 24;
  const BEAT_MS = 800; // of the play button

  // Arrows go from cell to cell; the table is one stop of the tab key
  const moveIn = (buttons, event, hour) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -DAY, ArrowDown: DAY }[event.key];
    if (!by) return;
    event.preventDefault();
    for (let next = hour + by; next >= 0 && next < HOURS; next += by) {
      if (!buttons.has(next)) continue;
      buttons.get(hour).tabIndex = -1;
      buttons.get(next).tabIndex = 0;
      buttons.get(next).focus();
      return;
    }
  };

  // The moment of an hour of the week on or after a first day, as 2026-11-09T04:00; null: none
  nuanyi.momentOf = (hour, firstDay) => {
    if (hour === null) return null;
    const day = new Date(`${firstDay}T00:00Z`);
    const weekday = (day.getUTCDay() + 6) % 7; // Monday = 0
    day.setUTCDate(day.getUTCDate() + ((Math.floor(hour / DAY) - weekday + 7) % 7));
    return `${day.toISOString().slice(0, 10)}T${String(hour % DAY).padStart(2, '0')}:00`;
  };

  // `walked` are the hours in which somebody was out, `choose(hour | null)` hears of every choice.
  // Returns {show(hour), cells}: the bar as it should look, and the buttons of the table by hour
  nuanyi.hourBar = ({ walked, words, choose }) => {
    const { sayHour } = nuanyi.say(words);
    const buttons = new Map();
    let hour = null;
    let playing = null;

    const pause = () => {
      clearInterval(playing);
      playing = null;
      at('play').setAttribute('aria-pressed', 'false');
      at('play').querySelector('span').textContent = words.play;
    };
    const choosing = (next) => {
      pause();
      choose(next);
    };
    const step = (by) => {
      if (!walked.length) return;
      const next = by > 0 ? walked.find((one) => hour === null || one > hour) : walked.findLast((one) => hour === null || one < hour);
      choose(next ?? walked.at(by > 0 ? 0 : -1));
    };
    const play = () => {
      if (playing) {
        pause();
        return;
      }
      at('play').setAttribute('aria-pressed', 'true');
      at('play').querySelector('span').textContent = words.pause;
      step(1);
      playing = setInterval(() => step(1), BEAT_MS);
    };

    for (const cell of document.querySelectorAll('.week td[data-hour]')) {
      const own = Number(cell.dataset.hour);
      if (cell.classList.contains('gnone')) continue;
      const button = Object.assign(document.createElement('button'), { type: 'button', tabIndex: -1 });
      button.append(...cell.childNodes);
      button.addEventListener('click', () => choosing(own === hour ? null : own));
      button.addEventListener('keydown', (event) => moveIn(buttons, event, own));
      buttons.set(own, button);
      cell.append(button);
    }
    const [first] = buttons.values();
    if (first) first.tabIndex = 0;

    at('hour').addEventListener('input', () => choosing(Number(at('hour').value)));
    at('whole').addEventListener('click', () => choosing(null));
    at('play').addEventListener('click', play);
    at('earlier').addEventListener('click', () => {
      pause();
      step(-1);
    });
    at('later').addEventListener('click', () => {
      pause();
      step(1);
    });
    for (const day of document.querySelectorAll('.days button')) {
      day.addEventListener('click', () => choosing(DAY * Number(day.value) + (hour ?? walked[0] ?? 0) % DAY));
    }

    const show = (chosen) => {
      hour = chosen;
      const text = hour === null ? words.allHours : sayHour(hour);
      at('hour').value = hour ?? walked[0] ?? 0;
      at('hour').classList.toggle('idle', hour === null);
      at('hour').setAttribute('aria-valuetext', text);
      at('when').textContent = text;
      at('whole').setAttribute('aria-pressed', hour === null);
      for (const day of document.querySelectorAll('.days button')) {
        day.setAttribute('aria-pressed', hour !== null && Number(day.value) === Math.floor(hour / DAY));
      }
      for (const [own, button] of buttons) {
        button.setAttribute('aria-pressed', own === hour);
        button.parentElement.classList.toggle('chosen', own === hour);
      }
    };

    const week = document.querySelector('.week');
    const early = Math.min(...walked.map((one) => one % DAY));
    const column = week.querySelector(`thead th:nth-child(${early + 2})`);
    if (column) week.parentElement.scrollLeft = column.offsetLeft - 3 * column.offsetWidth;
    return { show, cells: buttons };
  };
})();
