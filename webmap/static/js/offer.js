// Where the position is missing, refused, rough or far: what happened, and the other ways.
'use strict';
window.nuanyi = window.nuanyi || {};

(() => {
  const where = document.querySelector('.where');
  const how = document.getElementById('how');
  const outs = document.getElementById('outs');
  const isWechat = /MicroMessenger/i.test(navigator.userAgent);

  // How the phone is brought to give it; only where it was asked
  const sayHow = (trouble) => {
    if (isWechat && ['refused', 'unavailable', 'timeout'].includes(trouble)) return nuanyi.texts.howWechat;
    return trouble === 'refused' ? nuanyi.texts.howRefused : '';
  };

  // `trouble`: refused, unavailable, timeout, insecure, rough, far, failed; null: there is none
  nuanyi.offer = (trouble, text) => {
    nuanyi.say(text ?? nuanyi.texts[trouble] ?? '');
    how.textContent = sayHow(trouble);
    how.hidden = !how.textContent;
    outs.hidden = !trouble || trouble === 'failed';
    where.classList.toggle('is-trouble', Boolean(trouble));
  };
})();
