'use strict';

// Photos are made small on the phone, before they go over a slow line, and shown as they will be sent.
// What this browser cannot open goes as it is; the server says what is wrong with it.
(() => {
  const input = document.getElementById('f-photo');
  const looks = document.getElementById('photo-looks');
  if (!input || !window.createImageBitmap || !window.DataTransfer) return;
  const SIDE = 1600; // pixels, as the server keeps them
  const SMALL = 600 * 1024; // bytes: not worth the work
  const QUALITY = 0.85;

  const shrink = async (file) => {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const share = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height].map((side) => Math.round(side * share));
    const sheet = canvas.getContext('2d');
    sheet.fillStyle = '#fff'; // behind what is transparent
    sheet.fillRect(0, 0, canvas.width, canvas.height);
    sheet.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    looks.append(canvas);
    if (file.size <= SMALL) return file;
    const blob = await new Promise((done) => { canvas.toBlob(done, 'image/jpeg', QUALITY); });
    return blob ? new File([blob], 'photo.jpg', { type: 'image/jpeg' }) : file;
  };

  let busy = null; // what is being made small
  input.addEventListener('change', () => {
    const files = [...input.files];
    looks.replaceChildren();
    busy = Promise.all(files.map((file) => shrink(file).catch(() => file))).then((made) => {
      const box = new DataTransfer();
      for (const file of made) box.items.add(file);
      input.files = box.files;
    }).catch(() => {}).then(() => { busy = null; });
  });
  // A form that is sent while photos are made small waits for them
  input.form.addEventListener('submit', (event) => {
    if (!busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    busy.then(() => input.form.requestSubmit(submitter));
  }, true);
})();
