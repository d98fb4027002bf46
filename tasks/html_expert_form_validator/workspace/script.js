'use strict';

const form = document.getElementById('signup');

form.addEventListener('submit', (event) => {
  event.preventDefault();
  backend.submit(Object.fromEntries(new FormData(form)));
});
