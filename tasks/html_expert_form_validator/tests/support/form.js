// The sign-up page with a backend whose answers the judge gives, and the words for working with it.
'use strict';

const { randomBytes } = require('node:crypto');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { Page } = require('./page');

const PAGE = pathToFileURL(path.join(__dirname, '..', '..', 'workspace', 'index.html')).href;
const FIELDS = ['username', 'password', 'repeat', 'seats', 'guests'];
const SAY = {
  noName: 'Enter a username.',
  badName: 'Use 3 to 20 lower-case letters, digits or hyphens, starting with a letter.',
  taken: 'This username is taken.',
  unchecked: 'The username could not be checked. Try again.',
  noPassword: 'Enter a password.',
  short: 'This password is too short.',
  noRepeat: 'Repeat the password.',
  differ: 'The passwords differ.',
  seats: 'Enter a whole number from 1 to 50.',
  guests: 'Enter a whole number, 0 or more.',
  crowd: 'There are fewer seats than guests.',
};
const MESSAGES = Object.values(SAY);

// Runs in the page before any of its scripts: tells each call to the judge, and lets the judge settle it later.
function installBackend(secret) {
  const tell = window[secret];
  delete window[secret];
  const { stringify } = JSON;
  const { entries } = Object;
  const plain = (value) => (value !== null && typeof value === 'object' ? entries(value).sort() : value);
  const pending = [];
  const method = (name) => (...args) => new Promise((resolve, reject) => {
    pending.push({ resolve, reject });
    tell(stringify([name, args.map(plain)]));
  });
  const backend = Object.freeze({ checkUsername: method('checkUsername'), submit: method('submit') });
  Object.defineProperty(window, 'backend', { value: backend });
  Object.defineProperty(window, `${secret}-settle`, {
    value: (index, verb, value) => pending[index][verb](verb === 'reject' ? new Error(value) : value),
  });
}

class Form {
  static async open(browser) {
    const form = new Form();
    form.secret = `x${randomBytes(12).toString('hex')}`;
    const script = `(${installBackend})(${JSON.stringify(form.secret)})`;
    form.page = await Page.open(browser, PAGE, { script, binding: form.secret });
    return form;
  }

  /** The calls of the backend so far, in order, as [method, first argument]. */
  async calls() {
    await this.page.settle();
    return this.page.bindings.map((payload) => {
      const [method, args] = JSON.parse(payload);
      return [method, Array.isArray(args[0]) ? Object.fromEntries(args[0]) : args[0]];
    });
  }

  async checks() {
    return (await this.calls()).filter(([method]) => method === 'checkUsername').map(([, name]) => name);
  }

  async sent() {
    return (await this.calls()).filter(([method]) => method === 'submit').map(([, data]) => data);
  }

  /** Settles the latest call that was made with this argument (a name), or the latest submission. */
  async answer(what, verb, value) {
    const index = (await this.calls()).findLastIndex(([method, arg]) => (what === 'submit' ? method === 'submit' : arg === what));
    if (index < 0) throw new Error(`the backend was never asked: ${what}`);
    await this.page.call((secret, ...rest) => window[`${secret}-settle`](...rest), this.secret, index, verb, value ?? null);
  }

  /** Replaces what stands in a field, as pasting does. */
  async write(name, text) {
    await this.page.click(`[name=${name}]`);
    await this.page.press('Backspace', { commands: ['selectAll', 'deleteBackward'] });
    await this.page.send('Input.insertText', { text });
  }

  async leave() {
    await this.page.press('Tab');
  }

  /** Fills every field; the last one keeps the focus. */
  async fill(values = {}) {
    const all = { username: 'maria', password: 'correct horse', repeat: 'correct horse', seats: '12', guests: '3', ...values };
    for (const [name, text] of Object.entries(all)) await this.write(name, text);
  }

  async submit() {
    await this.page.click('#signup button');
  }

  /** The message of each field that has one; throws when eye and ear are told different things. */
  async messages() {
    await this.page.settle();
    const visible = await this.page.read(() => document.body.innerText.replace(/\s+/g, ' '));
    const told = {};
    for (const name of FIELDS) {
      const { description, facts } = await this.page.accessible(`[name=${name}]`);
      const messages = MESSAGES.filter((message) => description.includes(message));
      const invalid = String(facts.invalid ?? 'false') !== 'false';
      if (invalid !== (messages.length > 0)) throw new Error(`${name}: invalid is ${invalid}, described is "${description}"`);
      if (messages.length > 0) told[name] = messages.join(' ');
    }
    const heard = Object.values(told).sort();
    const seen = MESSAGES.filter((message) => visible.includes(message)).sort();
    if (String(heard) !== String(seen)) throw new Error(`described: [${heard}], but to be seen: [${seen}]`);
    return told;
  }

  async state() {
    await this.page.settle();
    return this.page.read(() => {
      const text = (role) => [...document.querySelectorAll(`[role=${role}]`)].map((element) => element.innerText.trim());
      const button = document.querySelector('#signup button');
      return {
        status: text('status').join('|'),
        alert: text('alert').join('|'),
        busy: document.querySelector('#signup').getAttribute('aria-busy') === 'true',
        off: button.getAttribute('aria-disabled') === 'true',
        disabled: button.disabled,
        focus: document.activeElement?.name || document.activeElement?.localName,
      };
    });
  }

  close(usable) {
    return this.page.close(usable);
  }
}

module.exports = { Form, FIELDS, SAY };
