// A clock that stands still until it is moved.
'use strict';

class Clock {
  constructor(quiet) {
    this.quiet = quiet;
    this.time = 0;
    this.timers = new Map();
    this.lastId = 0;
    this.face = {
      now: () => this.time,
      setTimeout: (callback, ms) => this.set(callback, ms),
      clearTimeout: (id) => { this.timers.delete(id); },
    };
  }

  set(callback, ms) {
    this.lastId += 1;
    this.timers.set(this.lastId, { callback, due: this.time + Math.max(0, ms) });
    return this.lastId;
  }

  earliest(limit) {
    let first = null;
    for (const [id, { due }] of this.timers) {
      if (due <= limit && (first === null || due < this.timers.get(first).due)) first = id;
    }
    return first;
  }

  async advance(ms) {
    const end = this.time + ms;
    for (let id = this.earliest(end); id !== null; id = this.earliest(end)) {
      const { callback, due } = this.timers.get(id);
      this.timers.delete(id);
      this.time = due;
      callback();
      await this.quiet();
    }
    this.time = end;
  }
}

module.exports = { Clock };
