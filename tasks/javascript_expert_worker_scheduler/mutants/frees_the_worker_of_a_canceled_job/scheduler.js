'use strict';

class CanceledError extends Error {
  constructor(reason) {
    super('the job was canceled', { cause: reason });
    this.name = 'CanceledError';
  }
}

class TimeoutError extends Error {
  constructor(ms) {
    super(`the attempt ran for ${ms} ms`);
    this.name = 'TimeoutError';
  }
}

const DEFAULTS = { priority: 0, group: undefined, timeoutMs: undefined, retries: 0, retryDelayMs: 0, signal: undefined };

class Job {
  #scheduler;

  constructor(scheduler, run, options) {
    this.#scheduler = scheduler;
    this.run = run;
    this.options = options;
    this.state = 'waiting';
    this.attempt = 0;
    this.delayed = false;
    this.timer = null;
    this.submittedAt = scheduler.clock.now();
    this.promise = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
    this.promise.catch(() => {}); // whoever looks at the promise hears of it; nobody has to
    this.onAbort = () => this.cancel(options.signal.reason);
    options.signal?.addEventListener('abort', this.onAbort);
    if (options.signal?.aborted) this.onAbort();
  }

  get final() {
    return this.state !== 'waiting' && this.state !== 'running';
  }

  cancel(reason) {
    if (this.final) return false;
    this.giveUp('canceled', new CanceledError(reason));
    return true;
  }

  giveUp(state, error) {
    const { controller } = this;
    this.finish(state, () => this.reject(error));
    controller?.abort(error);
  }

  finish(state, settle) {
    this.state = state;
    this.stopTimer();
    this.options.signal?.removeEventListener('abort', this.onAbort);
    settle();
    this.#scheduler.changed();
  }

  setTimer(ms, callback) {
    this.timer = this.#scheduler.clock.setTimeout(() => {
      this.timer = null;
      callback();
    }, ms);
  }

  stopTimer() {
    if (this.timer !== null) this.#scheduler.clock.clearTimeout(this.timer);
    this.timer = null;
  }

  /** Runs one attempt; resolves when its function has settled, whatever became of the job. */
  async start() {
    this.state = 'running';
    this.attempt += 1;
    this.controller = new AbortController();
    const { timeoutMs } = this.options;
    if (timeoutMs !== undefined) this.setTimer(timeoutMs, () => this.giveUp('timed out', new TimeoutError(timeoutMs)));
    try {
      const value = await this.run.call(undefined, this.controller.signal, this.attempt);
      if (!this.final) this.finish('done', () => this.resolve(value));
    } catch (error) {
      if (!this.final) this.failed(error);
    }
  }

  failed(error) {
    const { retries, retryDelayMs } = this.options;
    if (this.attempt > retries || this.#scheduler.closed) {
      this.finish('failed', () => this.reject(error));
      return;
    }
    this.stopTimer();
    this.controller = null;
    this.state = 'waiting';
    this.delayed = true;
    this.setTimer(retryDelayMs * 2 ** (this.attempt - 1), () => {
      this.delayed = false;
      this.#scheduler.changed();
    });
  }
}

class Scheduler {
  constructor({ workers, ageEveryMs, groupLimits = {}, clock }) {
    Object.assign(this, { workers, ageEveryMs, groupLimits, clock });
    this.jobs = []; // waiting, in the order of submission
    this.occupied = new Map(); // group → occupied workers
    this.running = 0;
    this.paused = false;
    this.closed = false;
    this.scheduled = false;
    this.idleWaiters = [];
  }

  get waiting() {
    return this.jobs.filter((job) => job.state === 'waiting').length;
  }

  submit(run, options = {}) {
    if (this.closed) throw new Error('the scheduler is closed');
    const job = new Job(this, run, { ...DEFAULTS, ...options });
    if (!job.final) this.jobs.push(job);
    this.changed();
    return { promise: job.promise, cancel: (reason) => job.cancel(reason), get state() { return job.state; } };
  }

  changed() {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      this.fill();
      this.tellIdle();
    });
  }

  fill() {
    this.jobs = this.jobs.filter((job) => !job.final);
    while (!this.paused && this.running < this.workers) {
      const job = this.choose();
      if (!job) return;
      this.launch(job);
    }
  }

  choose() {
    const now = this.clock.now();
    const effective = (job) => job.options.priority + Math.floor((now - job.submittedAt) / this.ageEveryMs);
    let best = null;
    for (const job of this.jobs) {
      const eligible = job.state === 'waiting' && !job.delayed && this.hasRoom(job.options.group);
      if (eligible && (!best || effective(job) > effective(best))) best = job;
    }
    return best;
  }

  hasRoom(group) {
    return group === undefined || (this.occupied.get(group) ?? 0) < (this.groupLimits[group] ?? Infinity);
  }

  async launch(job) {
    const { group } = job.options;
    this.running += 1;
    this.occupied.set(group, (this.occupied.get(group) ?? 0) + 1);
    await Promise.race([job.start(), job.promise.then(() => {}, () => {})]);
    this.running -= 1;
    this.occupied.set(group, this.occupied.get(group) - 1);
    this.changed();
  }

  tellIdle() {
    if (this.waiting > 0 || this.running > 0) return;
    for (const resolve of this.idleWaiters.splice(0)) resolve();
  }

  pause() {
    this.paused = true;
  }

  resume() {
    this.paused = false;
    this.changed();
  }

  idle() {
    this.changed();
    return new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  close() {
    this.closed = true;
    for (const job of this.jobs) if (job.state === 'waiting') job.cancel('closed');
    return this.idle();
  }
}

module.exports = { Scheduler, CanceledError, TimeoutError };
