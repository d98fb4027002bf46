const REAL_CLOCK = {
  now: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (id) => clearTimeout(id),
};

export class TimeoutError extends Error {
  constructor(timeoutMs, attempts, lastError) {
    super(`nothing came of ${attempts} attempts in ${timeoutMs} ms`, lastError && { cause: lastError.error });
    this.name = 'TimeoutError';
    this.attempts = attempts;
  }
}

class Waiting {
  constructor(check, options) {
    this.check = check;
    this.options = options;
    this.attempts = 0;
    this.lastError = null;
    this.settled = false;
    this.timers = new Set();
    this.controller = new AbortController();
    this.onAbort = () => this.giveUp(options.signal.reason);
    this.promise = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
  }

  start() {
    const { signal, timeoutMs, clock } = this.options;
    signal?.addEventListener('abort', this.onAbort);
    this.deadline = clock.now() + timeoutMs;
    if (timeoutMs !== Infinity) {
      this.setTimer(timeoutMs, () => this.giveUp(new TimeoutError(timeoutMs, this.attempts, this.lastError)));
    }
    this.attempt();
    return this.promise;
  }

  setTimer(ms, callback) {
    const { clock } = this.options;
    const id = clock.setTimeout(() => {
      this.timers.delete(id);
      callback();
    }, ms);
    this.timers.add(id);
  }

  async attempt() {
    this.attempts += 1;
    try {
      const value = await this.check.call(undefined, this.attempts, this.controller.signal);
      this.lastError = null;
      if (value !== undefined && value !== null && value !== false) this.settle(() => this.resolve(value));
    } catch (error) {
      this.lastError = { error };
      if (!this.settled) this.judge(error);
    }
    if (!this.settled) this.wait();
  }

  judge(error) {
    try {
      if (!this.options.retryOn(error)) this.settle(() => this.reject(error));
    } catch (ownError) {
      this.settle(() => this.reject(ownError));
    }
  }

  wait() {
    const { intervalMs, factor, maxIntervalMs, clock } = this.options;
    const pause = intervalMs === 0 ? 0 : Math.min(intervalMs * factor ** (this.attempts - 1), maxIntervalMs);
    if (clock.now() + pause < this.deadline) this.setTimer(pause, () => this.attempt());
  }

  giveUp(reason) {
    this.settle(() => this.reject(reason));
    this.controller.abort(reason);
  }

  settle(tell) {
    if (this.settled) return;
    this.settled = true;
    for (const id of this.timers) this.options.clock.clearTimeout(id);
    this.options.signal?.removeEventListener('abort', this.onAbort);
    tell();
  }
}

function checkNumber(name, value, least, mayBeInfinite = false) {
  const right = typeof value === 'number' && value >= least && (mayBeInfinite || value < Infinity);
  if (!right) throw new RangeError(`${name} must be a number from ${least}`);
}

export async function waitFor(check, options) {
  const {
    timeoutMs = 1000, intervalMs = 50, factor = 1, maxIntervalMs = 10000, retryOn = () => true, signal, clock = REAL_CLOCK,
  } = options ?? {};
  if (typeof check !== 'function' || typeof retryOn !== 'function') throw new TypeError('check and retryOn must be functions');
  checkNumber('timeoutMs', timeoutMs, 0, true);
  checkNumber('intervalMs', intervalMs, 0);
  checkNumber('factor', factor, 1);
  checkNumber('maxIntervalMs', maxIntervalMs, 0);
  signal?.throwIfAborted();
  return new Waiting(check, { timeoutMs, intervalMs, factor, maxIntervalMs, retryOn, signal, clock }).start();
}
