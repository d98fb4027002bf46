'use strict';

class CanceledError extends Error {}

class TimeoutError extends Error {}

class Scheduler {
  constructor({ workers, ageEveryMs, groupLimits = {}, clock }) {
    Object.assign(this, { workers, ageEveryMs, groupLimits, clock });
    this.queue = [];
    this.running = 0;
  }

  get waiting() {
    return this.queue.length;
  }

  submit(run, { priority = 0 } = {}) {
    const job = { run, priority, state: 'waiting' };
    job.promise = new Promise((resolve, reject) => Object.assign(job, { resolve, reject }));
    this.queue.push(job);
    this.queue.sort((a, b) => b.priority - a.priority);
    this.startNext();
    return job;
  }

  async startNext() {
    if (this.running >= this.workers || this.queue.length === 0) return;
    const job = this.queue.shift();
    this.running += 1;
    job.state = 'running';
    await job.run().then(job.resolve, job.reject);
    this.running -= 1;
    this.startNext();
  }
}

module.exports = { Scheduler, CanceledError, TimeoutError };
