// The scenarios: each builds a world, lets mapPool run in it, and tells what was seen.
'use strict';

const { getEventListeners } = require('node:events');
const path = require('node:path');
const { makeSource } = require('./sources');

const unhandled = [];
const onUnhandled = (reason) => unhandled.push(describe(reason));
process.on('unhandledRejection', onUnhandled);

const { mapPool } = require(path.join(process.cwd(), 'pool.js'));

function describe(value) {
  if (value instanceof AggregateError) return { kind: 'AggregateError', errors: value.errors.map(describe) };
  if (value instanceof Error) return { kind: value.name, message: value.message };
  return value === undefined ? 'nothing' : value;
}

async function quiet() {
  for (let round = 0; round < 4; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

function follow(start) {
  const outcome = { state: 'pending' };
  try {
    start().then(
      (value) => Object.assign(outcome, { state: 'resolved', value }),
      (reason) => Object.assign(outcome, { state: 'rejected', reason: describe(reason) }),
    );
  } catch (error) {
    Object.assign(outcome, { state: 'threw', reason: describe(error) });
  }
  return outcome;
}

class World {
  constructor({ source, options }) {
    this.source = makeSource(source);
    this.started = [];
    this.gates = [];
    this.inner = [];
    this.caller = new AbortController();
    this.options = options.concurrency === 'Infinity' ? { ...options, concurrency: Infinity } : options;
  }

  mapper(item, index, signal) {
    this.started.push([item, index]);
    signal?.addEventListener('abort', () => this.inner.push([index, describe(signal.reason)]));
    return new Promise((resolve, reject) => this.gates.push({ resolve, reject }));
  }

  begin() {
    const options = { ...this.options, signal: this.caller.signal };
    this.outcome = follow(() => mapPool(this.source.iterable, (...args) => this.mapper(...args), options));
  }

  act([verb, ...args]) {
    if (verb === 'finish') this.gates[args[0]].resolve(args[1]);
    if (verb === 'fail') this.gates[args[0]].reject(args.length > 1 ? args[1] : undefined);
    if (verb === 'abort') this.caller.abort(args[0]);
    if (verb === 'supply') this.source.supply(args[0]);
    if (verb === 'break') this.source.breakWith(new Error(args[0]));
  }

  look() {
    return {
      ...this.outcome,
      started: [...this.started],
      inner: [...this.inner],
      ...this.source.seen,
      listeners: getEventListeners(this.caller.signal, 'abort').length,
    };
  }
}

/** Plays a list of actions and looks at the world after the start and after each action. */
async function script({ actions, ...spec }) {
  const world = new World(spec);
  if (spec.abortedBefore !== undefined) world.caller.abort(spec.abortedBefore);
  world.begin();
  await quiet();
  const looks = [world.look()];
  for (const action of actions) {
    world.act(action);
    await quiet();
    looks.push(world.look());
  }
  const intact = process.listeners('unhandledRejection').every((listener) => listener === onUnhandled);
  return { looks, unhandled, intact: intact && process.listenerCount('unhandledRejection') === 1 };
}

/** Maps many items with mappers that return plain values or throw, and tells the highest number of mappers in flight. */
async function crowd({ count, concurrency, throwAt }) {
  let running = 0;
  let peak = 0;
  const mapper = (item) => {
    if (item === throwAt) throw new Error('thrown');
    if (item % 3 === 0) return item * 2;
    running += 1;
    peak = Math.max(peak, running);
    return new Promise((resolve) => setImmediate(resolve)).then(() => {
      running -= 1;
      return item * 2;
    });
  };
  const source = Array.from({ length: count }, (_, index) => index);
  const outcome = follow(() => mapPool(source, mapper, { concurrency }));
  for (let round = 0; round < 500 && outcome.state === 'pending'; round += 1) await quiet();
  const { value } = outcome;
  if (!Array.isArray(value)) return { ...outcome, peak };
  return { state: outcome.state, peak, length: value.length, picked: [0, 1, 2, count - 1].map((index) => value[index]) };
}

/** Calls mapPool with one odd argument after another. */
async function wrongCalls({ calls }) {
  const odd = { none: undefined, null: null, number: 7, NaN, minus: -1, half: 1.5, zero: 0, text: '2' };
  const seen = [];
  for (const { source, mapper, options } of calls) {
    const touched = makeSource({ kind: 'counter' });
    const given = { ...options };
    if (given.concurrency in odd) given.concurrency = odd[given.concurrency];
    const outcome = follow(() => mapPool(
      source in odd ? odd[source] : touched.iterable,
      mapper in odd ? odd[mapper] : (item) => item,
      given,
    ));
    await quiet();
    seen.push([outcome.state, outcome.reason && outcome.reason.kind, touched.seen.opened]);
  }
  return seen;
}

module.exports = { script, crowd, wrongCalls };
