'use strict';

// The station form: the map moves the two numbers and they move it; leaving with unsaved words asks.
(() => {
  const form = document.querySelector('form.form');
  const lon = document.getElementById('f-lon');
  const lat = document.getElementById('f-lat');
  let touched = form.hasAttribute('data-touched');  // shown again after a fault: already typed
  let sent = false;

  form.addEventListener('input', () => { touched = true; });
  form.addEventListener('submit', (event) => {
    if (sent) event.preventDefault();  // a second tap would save twice
    sent = true;
  });
  window.addEventListener('pageshow', () => { sent = false; });  // back from the next page
  window.addEventListener('beforeunload', (event) => {
    if (touched && !sent) event.preventDefault();
  });

  if (window.nuanyi && window.nuanyi.whenMap) {
    window.nuanyi.whenMap(() => {
      window.nuanyi.picker({ lonInput: lon, latInput: lat, onChange: () => { touched = true; } });
    });
  }
})();
