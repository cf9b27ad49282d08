// The button that opens the browser's own printing; without script the menu has it.
(function () {
  'use strict';

  const button = document.getElementById('print');
  if (!button || !window.print) return;
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}());
