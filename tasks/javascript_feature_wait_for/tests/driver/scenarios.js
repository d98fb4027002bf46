// The scenarios: each lets waitFor wait under a fake clock and keeps a log of what happened.
'use strict';

const { getEventListeners } = require('node:events');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { Clock } = require('./clock');

const unhandled = [];
const onUnhandled = (reason) => unhandled.push(String(reason));
process.on('unhandledRejection', onUnhandled);

const load = () => import(pathToFileURL(path.join(process.cwd(), 'wait-for.mjs')).href);
const ODD = { $Infinity: Infinity, $NaN: NaN, $empty: '', $undefined: undefined, $text: '5' };
const revive = (value) => (typeof value === 'string' && value in ODD ? ODD[value] : value);

async function quiet() {
  for (let round = 0; round < 4; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

function describe(reason, TimeoutError) {
  if (!(reason instanceof Error)) return String(reason);
  if (!(reason instanceof TimeoutError)) return `${reason.name}: ${reason.message}`;
  const cause = 'cause' in reason ? `, cause ${String(reason.cause)}` : '';
  return `${reason.name}, attempts ${reason.attempts}${cause}`;
}

class World {
  constructor(answers, TimeoutError) {
    this.clock = new Clock(quiet);
    this.answers = answers;
    this.TimeoutError = TimeoutError;
    this.log = [];
    this.gates = {};
    this.caller = new AbortController();
    this.mostTimers = 0;
    this.longest = 0;
  }

  note(text) {
    this.log.push(`${this.clock.time} ${text}`);
  }

  /** The clock as it is handed over; it notes how it is used. */
  face() {
    const { face, timers } = this.clock;
    return {
      ...face,
      setTimeout: (callback, ms) => {
        const id = face.setTimeout(callback, ms);
        this.mostTimers = Math.max(this.mostTimers, timers.size);
        this.longest = Math.max(this.longest, ms);
        return id;
      },
    };
  }

  /** Answers attempt n as the script says; the last answer holds for all further attempts. */
  check(attempt, signal) {
    this.note(`#${attempt}`);
    if (!this.heard) signal.addEventListener('abort', () => this.note(`hears ${describe(signal.reason, this.TimeoutError)}`));
    this.heard = true;
    const [verb, value] = this.answers[Math.min(attempt, this.answers.length) - 1];
    if (verb === 'throw') throw value;
    if (verb === 'reject') return Promise.reject(value);
    if (verb === 'promise') return Promise.resolve(revive(value));
    if (verb === 'later') return new Promise((resolve, reject) => { this.gates[attempt] = { resolve, reject }; });
    return revive(value);
  }

  follow(promise) {
    promise.then(
      (value) => this.note(`resolved ${String(value)}`),
      (reason) => this.note(`rejected ${describe(reason, this.TimeoutError)}`),
    );
  }

  async act([verb, ...args]) {
    if (verb === 'advance') await this.clock.advance(args[0]);
    if (verb === 'resolve') this.gates[args[0]].resolve(revive(args[1]));
    if (verb === 'reject') this.gates[args[0]].reject(args[1]);
    if (verb === 'abort') this.caller.abort(args[0]);
    await quiet();
  }
}

async function script({ answers, options, actions, aborted, retryOn }) {
  const { waitFor, TimeoutError } = await load();
  const world = new World(answers, TimeoutError);
  if (aborted !== undefined) world.caller.abort(aborted);
  const given = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, revive(value)]));
  if (retryOn) given.retryOn = (error) => retryOn.includes(error) || (error === 'trap' ? JSON.parse('{') : false);
  world.follow(waitFor((...args) => world.check(...args), { ...given, signal: world.caller.signal, clock: world.face() }));
  await quiet();
  for (const action of actions) await world.act(action);
  const intact = process.listeners('unhandledRejection').every((listener) => listener === onUnhandled);
  return {
    log: world.log,
    timers: world.clock.timers.size,
    mostTimers: world.mostTimers,
    longest: world.longest,
    listeners: getEventListeners(world.caller.signal, 'abort').length,
    unhandled,
    intact,
  };
}

async function wrong({ calls }) {
  const { waitFor } = await load();
  const seen = [];
  for (const { check = 'function', options } of calls) {
    let attempts = 0;
    const counting = () => { attempts += 1; return true; };
    const given = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, revive(value)]));
    const entry = [];
    seen.push(entry);
    try {
      waitFor(check === 'function' ? counting : revive(check), given).catch((error) => entry.push(error.name, attempts));
    } catch {
      entry.push('threw', attempts);
    }
    await quiet();
  }
  return seen;
}

/** Waits with the real clock, for no more than a few milliseconds. */
async function real() {
  const { waitFor } = await load();
  return waitFor((attempt) => attempt === 3 && 'third', { intervalMs: 1 });
}

module.exports = { script, wrong, real };
