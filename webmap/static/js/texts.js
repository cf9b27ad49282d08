// The words of a page that its scripts say: a page without the finder's scripts reads them here.
'use strict';

window.nuanyi = window.nuanyi || {};
nuanyi.texts = JSON.parse(document.getElementById('texts').textContent);
