'use strict';

const MODES = ['stop', 'collect', 'settle'];

class Run {
  constructor(source, mapper, { concurrency, onFailure, signal }) {
    Object.assign(this, { source, mapper, concurrency, onFailure, signal });
    this.inner = new AbortController();
    this.outcomes = [];
    this.running = 0;
    this.pulling = false;
    this.exhausted = false;
    this.stopped = false;
    this.onAbort = () => this.stop(signal.reason);
    this.promise = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
  }

  start() {
    this.signal?.addEventListener('abort', this.onAbort);
    try {
      const open = this.source[Symbol.asyncIterator] ?? this.source[Symbol.iterator];
      this.iterator = open.call(this.source);
    } catch (error) {
      this.exhausted = true;
      this.stop(error);
    }
    this.pump();
    return this.promise;
  }

  async pump() {
    if (this.pulling) return;
    this.pulling = true;
    while (!this.stopped && !this.exhausted && this.running < this.concurrency) await this.pull();
    this.pulling = false;
    this.finishWhenIdle();
  }

  async pull() {
    try {
      const step = await this.iterator.next();
      if (this.stopped) return;
      if (step.done) this.exhausted = true;
      else this.launch(step.value);
    } catch (error) {
      this.exhausted = true;
      this.stop(error);
    }
  }

  async launch(item) {
    const index = this.outcomes.length;
    this.outcomes.push(null);
    this.running += 1;
    try {
      const value = await this.mapper(item, index, this.inner.signal);
      this.outcomes[index] = { status: 'fulfilled', value };
    } catch (reason) {
      this.outcomes[index] = { status: 'rejected', reason };
      if (this.onFailure === 'stop') this.stop(reason);
    }
    this.running -= 1;
    this.finishWhenIdle();
    this.pump();
  }

  stop(cause) {
    if (this.stopped) return;
    this.stopped = true;
    this.cause = cause;
    this.inner.abort(cause);
    if (!this.exhausted) this.closeSource();
    this.finishWhenIdle();
  }

  async closeSource() {
    try {
      await this.iterator.return?.();
    } catch {
      // The cause of the stop is what the caller hears about.
    }
  }

  finishWhenIdle() {
    if (this.running > 0 || !(this.stopped || this.exhausted)) return;
    this.signal?.removeEventListener('abort', this.onAbort);
    if (this.stopped) this.reject(this.cause);
    else this.deliver();
  }

  deliver() {
    const failures = this.outcomes.filter(({ status }) => status === 'rejected');
    if (this.onFailure === 'settle') this.resolve(this.outcomes);
    else if (failures.length === 0) this.resolve(this.outcomes.map(({ value }) => value));
    else this.reject(new AggregateError(failures.map(({ reason }) => reason), `${failures.length} items failed`));
  }
}

function checkArguments(source, mapper, { concurrency, onFailure }) {
  if (typeof mapper !== 'function') throw new TypeError('mapper must be a function');
  if (source === null || !['object', 'function', 'string'].includes(typeof source)) throw new TypeError('source must be iterable');
  if (!(Number.isInteger(concurrency) && concurrency > 0)) {
    throw new RangeError('concurrency must be a positive integer or Infinity');
  }
  if (!MODES.includes(onFailure)) throw new RangeError(`onFailure must be one of ${MODES.join(', ')}`);
}

/** Maps the items of `source` with at most `options.concurrency` mappers running; see instructions.md. */
async function mapPool(source, mapper, options) {
  const { concurrency, onFailure = 'stop', signal } = options ?? {};
  checkArguments(source, mapper, { concurrency, onFailure });
  signal?.throwIfAborted();
  return new Run(source, mapper, { concurrency, onFailure, signal }).start();
}

module.exports = { mapPool };
