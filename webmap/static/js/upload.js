// An upload: says sizes before it, how far it is while it runs, and what the server found wrong.
'use strict';

(() => {
  const at = (id) => document.getElementById(id);
  const form = at('run-form');
  const files = at('tracks');
  const fault = at('tracks-size');
  const picked = at('tracks-picked');
  if (!form || !fault) return;

  const megabytes = (bytes) => {
    if (bytes === 0) return '0 kB';
    return bytes < 100_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  };
  const complain = (text) => {
    fault.hidden = !text;
    fault.textContent = text;
  };
  const check = () => {
    const size = [...files.files].reduce((sum, file) => sum + file.size, 0);
    const fits = size <= Number(form.dataset.most);
    complain(fits ? '' : form.dataset.tooLarge);
    picked.hidden = files.files.length === 0;
    picked.replaceChildren(...[...files.files].map((file) => {
      const item = document.createElement('li');
      item.textContent = `${file.name} · ${megabytes(file.size)}`;
      return item;
    }));
    return fits;
  };
  files.addEventListener('change', check);
  check(); // a browser may keep the choice when one comes back

  const wait = (isSending) => {
    at('run-sending').hidden = !isSending;
    at('run-start').disabled = isSending;
  };
  // What a page of the server's says is wrong
  const faultOf = (text) => new DOMParser().parseFromString(text, 'text/html').querySelector('.fault')?.textContent.trim();

  const send = () => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener('progress', ({ loaded, total, lengthComputable }) => {
      if (lengthComputable) at('run-sent').value = loaded / total;
    });
    request.addEventListener('load', () => {
      if (request.status < 400) {
        location.assign(request.responseURL); // the page where the answer led
        return;
      }
      wait(false);
      complain(faultOf(request.responseText) || form.dataset.failed);
    });
    request.addEventListener('error', () => {
      wait(false);
      complain(form.dataset.failed);
    });
    request.open('POST', form.action);
    request.send(new FormData(form));
    at('run-sent').value = 0;
    wait(true);
  };

  form.addEventListener('submit', (event) => {
    if (files.files.length === 0) return; // the server's page says what is missing
    event.preventDefault();
    if (check()) send();
    else files.focus();
  });
})();
