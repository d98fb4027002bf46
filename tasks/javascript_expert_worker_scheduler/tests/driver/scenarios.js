// The one scenario: plays a list of actions on a scheduler under a fake clock and keeps a log of [action, what happened].
'use strict';

const { getEventListeners } = require('node:events');
const path = require('node:path');
const { Clock } = require('./clock');

const unhandled = [];
const onUnhandled = (reason) => unhandled.push(String(reason));
process.on('unhandledRejection', onUnhandled);

const { Scheduler, CanceledError, TimeoutError } = require(path.join(process.cwd(), 'scheduler.js'));

async function quiet() {
  for (let round = 0; round < 4; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

function describe(reason) {
  if (reason instanceof CanceledError) return `${reason.name}(${String(reason.cause)})`;
  if (reason instanceof TimeoutError) return reason.name;
  return String(reason);
}

class World {
  constructor({ look = true, ...options }) {
    this.clock = new Clock(quiet);
    this.scheduler = new Scheduler({ ...options, clock: this.clock.face });
    this.log = [];
    this.jobs = {};
    this.looking = look;
    this.step = 0;
  }

  note(text) {
    this.log.push([this.step, `${this.clock.time} ${text}`]);
  }

  async play(actions) {
    for (const [verb, ...args] of actions) {
      this[verb](...args);
      await (verb === 'advance' ? this.moving : quiet());
      this.step += 1;
    }
  }

  together(actions) {
    for (const [verb, ...args] of actions) this[verb](...args);
    this.note('all said');
  }

  submit(name, options = {}, how = 'wait') {
    const entry = { gates: [], caller: new AbortController() };
    this.jobs[name] = entry;
    if (options.aborted !== undefined) entry.caller.abort(options.aborted);
    const { aborted, ...rest } = options;
    const run = (signal, attempt) => this.run(name, how, signal, attempt);
    try {
      entry.job = this.scheduler.submit(run, { ...rest, signal: entry.caller.signal });
    } catch (error) {
      this.note(`${name} refused: ${error instanceof Error}`);
      return;
    }
    if (!this.looking) return;
    entry.job.promise.then(
      (value) => this.note(`${name} ${entry.job.state}: ${value}`),
      (reason) => this.note(`${name} ${entry.job.state}: ${describe(reason)}`),
    );
  }

  run(name, how, signal, attempt) {
    this.note(`${name} starts #${attempt}`);
    signal.addEventListener('abort', () => this.note(`${name} hears ${describe(signal.reason)}`));
    if (how === 'throw') throw 'thrown';
    if (how === 'plain') return 'plain';
    return new Promise((resolve, reject) => { this.jobs[name].gates[attempt] = { resolve, reject }; });
  }

  finish(name, value) {
    this.jobs[name].gates.at(-1).resolve(value);
  }

  fail(name, reason) {
    this.jobs[name].gates.at(-1).reject(reason);
  }

  cancel(name, reason) {
    this.note(`cancel ${name}: ${this.jobs[name].job.cancel(reason)}`);
  }

  abort(name, reason) {
    this.jobs[name].caller.abort(reason);
  }

  advance(ms) {
    this.moving = this.clock.advance(ms);
  }

  look(name) {
    const state = name ? `${name} is ${this.jobs[name].job.state}, ` : '';
    this.note(`${state}waiting ${this.scheduler.waiting}, running ${this.scheduler.running}`);
  }

  pause() {
    this.scheduler.pause();
  }

  resume() {
    this.scheduler.resume();
  }

  idle() {
    this.scheduler.idle().then(() => this.note('idle'));
  }

  close() {
    this.scheduler.close().then(() => this.note('closed'));
  }

  leftovers() {
    const listeners = Object.values(this.jobs).map(({ caller }) => getEventListeners(caller.signal, 'abort').length);
    return { timers: this.clock.timers.size, listeners: listeners.reduce((sum, count) => sum + count, 0) };
  }
}

async function script({ options, actions }) {
  const world = new World(options);
  await world.play(actions);
  await quiet();
  const intact = process.listeners('unhandledRejection').every((listener) => listener === onUnhandled);
  return { log: world.log, ...world.leftovers(), timersSet: world.clock.lastId, unhandled, intact };
}

module.exports = { script };
