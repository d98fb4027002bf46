'use strict';

(() => {
  const form = document.getElementById('signup');
  const button = form.querySelector('button');
  const status = form.querySelector('[role=status]');
  const alert = form.querySelector('[role=alert]');
  const fields = ['username', 'password', 'repeat', 'seats', 'guests'].map((name) => form.elements[name]);

  const left = new Set(); // fields that may show a message
  const answers = new Map(); // name → 'pending', 'free', 'taken' or 'failed'
  let phase = 'idle'; // → 'waiting' (for the check) → 'sending' → 'idle' or 'done'

  const raw = (name) => form.elements[name].value;
  const trimmed = (name) => raw(name).trim();
  const whole = (name) => (/^[0-9]+$/.test(trimmed(name)) ? Number(trimmed(name)) : NaN);
  const seatsAreRight = () => whole('seats') >= 1 && whole('seats') <= 50;

  const faults = {
    username() {
      const name = trimmed('username');
      if (name === '') return 'Enter a username.';
      if (!/^[a-z][a-z0-9-]{2,19}$/.test(name)) {
        return 'Use 3 to 20 lower-case letters, digits or hyphens, starting with a letter.';
      }
      if (answers.get(name) === 'taken') return 'This username is taken.';
      return answers.get(name) === 'failed' ? 'The username could not be checked. Try again.' : '';
    },
    password() {
      if (raw('password') === '') return 'Enter a password.';
      return [...trimmed('password')].length < 10 ? 'This password is too short.' : '';
    },
    repeat() {
      if (raw('repeat') === '') return 'Repeat the password.';
      return raw('repeat') === raw('password') ? '' : 'The passwords differ.';
    },
    seats: () => (seatsAreRight() ? '' : 'Enter a whole number from 1 to 50.'),
    guests() {
      if (Number.isNaN(whole('guests'))) return 'Enter a whole number, 0 or more.';
      return seatsAreRight() && whole('guests') > whole('seats') ? 'There are fewer seats than guests.' : '';
    },
  };

  function statusText() {
    if (phase === 'done') return 'You are signed up.';
    if (phase === 'sending') return 'Sending…';
    return answers.get(trimmed('username')) === 'pending' ? 'Checking the username…' : '';
  }

  function setText(element, text) {
    if (element.textContent !== text) element.textContent = text; // an equal text would be announced again
  }

  function show() {
    for (const field of fields) {
      const message = left.has(field) ? faults[field.name]() : '';
      setText(document.getElementById(`${field.name}-error`), message);
      field.setAttribute('aria-invalid', String(message !== ''));
    }
    setText(status, statusText());
    const busy = String(phase === 'waiting' || phase === 'sending');
    form.setAttribute('aria-busy', busy);
    button.setAttribute('aria-disabled', busy);
  }

  /** Asks about the name in the field unless its answer is pending or known. */
  function ask() {
    const name = trimmed('username');
    if (answers.get(name) === 'failed') answers.delete(name);
    if (faults.username() !== '' || answers.has(name)) return;
    answers.set(name, 'pending');
    backend.checkUsername(name).then(
      (free) => answered(name, free ? 'free' : 'taken'),
      () => answered(name, 'failed'),
    );
  }

  function answered(name, answer) {
    answers.set(name, answer);
    if (phase === 'waiting' && name === trimmed('username')) proceed();
    show();
  }

  /** Goes on with a submission as far as the known faults and answers allow. */
  function proceed() {
    const wrong = fields.find((field) => faults[field.name]() !== '');
    if (wrong) {
      phase = 'idle';
      show();
      wrong.focus();
    } else if (answers.get(trimmed('username')) === 'free') {
      send();
    } else {
      phase = 'waiting';
    }
  }

  async function send() {
    phase = 'sending';
    show();
    try {
      await backend.submit({
        username: trimmed('username'),
        password: raw('password'),
        seats: whole('seats'),
        guests: whole('guests'),
      });
      phase = 'done';
    } catch (error) {
      phase = 'idle';
      setText(alert, error.message);
    }
    show();
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (phase !== 'idle') return;
    setText(alert, '');
    fields.forEach((field) => left.add(field));
    ask();
    proceed();
    show();
  });

  form.addEventListener('input', () => {
    if (phase === 'waiting') phase = 'idle';
    show();
  });

  form.addEventListener('focusout', ({ target }) => {
    if (!fields.includes(target)) return;
    left.add(target);
    if (target.name === 'username') ask();
    show();
  });
})();
