// The judge of the scheduler: every case plays a script in a child process and compares the log with the instructions.
'use strict';

const assert = require('node:assert/strict');
const { observe } = require('./support/candidate');
const { run } = require('./support/tap');

const play = (options, actions) => observe('script', { options: { workers: 1, ageEveryMs: 1000, ...options }, actions });

const texts = (log) => log.map(([, text]) => text);

/** Compares the logs; in which order things happen within one action is left open. */
async function assertLog(options, actions, wanted) {
  const seen = await play(options, actions);
  const rest = [...wanted];
  const expected = [];
  for (const step of new Set(seen.log.map(([action]) => action))) {
    expected.push(...rest.splice(0, seen.log.filter(([action]) => action === step).length).sort());
  }
  const sorted = seen.log.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
  assert.deepEqual(texts(sorted), [...expected, ...rest]);
  return seen;
}

const starts = (log) => texts(log).filter((line) => line.includes(' starts ')).map((line) => line.split(' ')[1]).join('');

const cases = {
  async runs_as_many_jobs_as_there_are_workers() {
    await assertLog({ workers: 2 }, [['submit', 'a'], ['submit', 'b'], ['submit', 'c'], ['look', 'c'],
      ['finish', 'b', 7], ['look', 'c'],
      ['fail', 'a', 'no'], ['submit', 'd', {}, 'plain'], ['submit', 'e', {}, 'throw'], ['look']], [
      '0 a starts #1', '0 b starts #1', '0 c is waiting, waiting 1, running 2', '0 b done: 7', '0 c starts #1',
      '0 c is running, waiting 0, running 2', '0 a failed: no', '0 d starts #1', '0 d done: plain', '0 e starts #1',
        '0 e failed: thrown',
      '0 waiting 0, running 1',
    ]);
  },

  async lets_jobs_submitted_in_one_go_compete() {
    const seen = await play({}, [['together', [['submit', 'l', { priority: -1 }, 'plain'], ['submit', 'f', {}, 'plain'],
      ['submit', 's', {}, 'plain'], ['submit', 'h', { priority: 2 }, 'plain']]]]);
    assert.equal(texts(seen.log)[0], '0 all said');
    assert.equal(starts(seen.log), 'hfsl');
  },

  async lets_waiting_jobs_age_in_whole_steps() {
    const seen = await play({}, [['submit', 'x'], ['submit', 'a', { priority: 0 }], ['advance', 900],
      ['submit', 'b', { priority: 1 }],
      ['advance', 99], ['submit', 'c', { priority: 1 }], ['finish', 'x'], ['advance', 1],
        ['submit', 'd', { priority: 1 }], ['finish', 'b'],
      ['advance', 900], ['submit', 'e', { priority: 2 }], ['finish', 'a'], ['advance', 1000], ['finish', 'e'], ['finish', 'c']]);
    assert.equal(starts(seen.log), 'xbaecd');
    assert.equal(seen.timersSet, 0, 'timers were set for ageing');
  },

  async passes_over_a_job_whose_group_is_full() {
    const seen = await play({ workers: 3, groupLimits: { disk: 1 } },
      [['together', [['submit', 'a', { group: 'disk', priority: 9 }],
      ['submit', 'b', { group: 'disk', priority: 8 }], ['submit', 'c', { group: 'net' }], ['submit', 'd', { group: 'net' }]]],
    ['submit', 'e', { priority: 3 }], ['finish', 'c'], ['finish', 'd'],
      ['submit', 'f', { group: 'disk', priority: 9 }], ['finish', 'a'],
    ['cancel', 'f', 'off'], ['look'], ['finish', 'f'], ['finish', 'b']]);
    assert.equal(starts(seen.log), 'acdefb');
    assert.ok(texts(seen.log).includes('0 waiting 1, running 2'), 'a canceled job gave its place in the group away');
  },

  async cancels_a_waiting_job_without_running_it() {
    await assertLog({}, [['submit', 'a'], ['submit', 'b'], ['submit', 'c'], ['cancel', 'b', 'bored'], ['look', 'b'],
      ['finish', 'a', 1],
      ['cancel', 'b', 'again'], ['cancel', 'a', 'late'], ['together',
        [['submit', 'd', { priority: 5 }], ['cancel', 'd', 'soon']]]], [
      '0 a starts #1', '0 cancel b: true', '0 b canceled: CanceledError(bored)',
        '0 b is canceled, waiting 1, running 1', '0 a done: 1',
      '0 c starts #1', '0 cancel b: false', '0 cancel a: false', '0 cancel d: true', '0 all said',
        '0 d canceled: CanceledError(soon)',
    ]);
  },

  async keeps_a_worker_occupied_until_a_canceled_job_has_stopped() {
    await assertLog({ groupLimits: { disk: 1 } }, [['submit', 'a', { group: 'disk', retries: 3 }],
      ['submit', 'b', { group: 'disk' }],
      ['cancel', 'a', 'stop'], ['look', 'a'], ['cancel', 'a', 'again'], ['fail', 'a', 'aborted'], ['look', 'a']], [
      '0 a starts #1', '0 a hears CanceledError(stop)', '0 cancel a: true', '0 a canceled: CanceledError(stop)',
      '0 a is canceled, waiting 1, running 1', '0 cancel a: false', '0 b starts #1', '0 a is canceled, waiting 0, running 1',
    ]);
  },

  async obeys_the_signal_of_the_caller_and_lets_go_of_it() {
    const seen = await assertLog({}, [['submit', 'a'], ['submit', 'b'], ['abort', 'b', 'gone'], ['abort', 'a', 'left'],
      ['finish', 'a', 1],
      ['submit', 'c', { aborted: 'before' }], ['submit', 'd', {}, 'plain'], ['submit', 'e', {}, 'throw'], ['look', 'c']], [
      '0 a starts #1', '0 b canceled: CanceledError(gone)', '0 a hears CanceledError(left)', '0 a canceled: CanceledError(left)',
      '0 c canceled: CanceledError(before)', '0 d starts #1', '0 d done: plain', '0 e starts #1', '0 e failed: thrown',
      '0 c is canceled, waiting 0, running 0',
    ]);
    assert.equal(seen.listeners, 0);
  },

  async times_out_an_attempt_by_the_time_it_ran() {
    const seen = await assertLog({}, [['submit', 'a'], ['submit', 'b', { timeoutMs: 50, retries: 2 }],
      ['advance', 200], ['finish', 'a', 1],
      ['advance', 49], ['look', 'b'], ['advance', 1], ['submit', 'c'], ['look', 'b'], ['fail', 'b', 'x'], ['advance', 500]], [
      '0 a starts #1', '200 a done: 1', '200 b starts #1', '249 b is running, waiting 0, running 1', '250 b hears TimeoutError',
      '250 b timed out: TimeoutError', '250 b is timed out, waiting 1, running 1', '250 c starts #1',
    ]);
    assert.equal(seen.timers, 0);
  },

  async leaves_no_timer_without_a_purpose() {
    const seen = await play({ workers: 4 }, [['submit', 'a', { timeoutMs: 50 }], ['finish', 'a', 1],
      ['submit', 'b', { timeoutMs: 50 }], ['fail', 'b', 'x'],
      ['submit', 'c', { timeoutMs: 50 }], ['cancel', 'c', 'x'], ['submit', 'd', { retries: 1, retryDelayMs: 50, timeoutMs: 90 }],
      ['fail', 'd', 'x'], ['cancel', 'd', 'y'], ['submit', 'e', { timeoutMs: 50 }], ['abort', 'e', 'z']]);
    assert.equal(seen.timers, 0);
    assert.ok(texts(seen.log).includes('0 d canceled: CanceledError(y)'));
  },

  async repeats_a_failed_attempt_after_growing_delays() {
    await assertLog({}, [['submit', 'a', { retries: 3, retryDelayMs: 100, timeoutMs: 1000 }], ['fail', 'a', 'one'], ['look', 'a'],
      ['submit', 'b', {}, 'plain'], ['advance', 99], ['look'], ['advance', 1], ['fail', 'a', 'two'], ['advance', 199],
        ['look', 'a'],
      ['advance', 1], ['fail', 'a', 'three'], ['advance', 400], ['fail', 'a', 'four'], ['look', 'a'],
      ['submit', 'c', { retries: 1 }], ['fail', 'c', 'x'], ['advance', 0], ['finish', 'c', 9]], [
      '0 a starts #1', '0 a is waiting, waiting 1, running 0', '0 b starts #1', '0 b done: plain',
        '99 waiting 1, running 0', '100 a starts #2',
      '299 a is waiting, waiting 1, running 0', '300 a starts #3', '700 a starts #4', '700 a failed: four',
        '700 a is failed, waiting 0, running 0',
      '700 c starts #1', '700 c starts #2', '700 c done: 9',
    ]);
  },

  async counts_the_age_of_a_repeated_job_from_its_submission() {
    const seen = await play({}, [['submit', 'a', { retries: 1, retryDelayMs: 10 }], ['advance', 2000],
      ['submit', 'b', { priority: 1 }],
      ['submit', 'c', { priority: 4 }], ['fail', 'a', 'x'], ['advance', 10], ['finish', 'c'], ['finish', 'a'], ['finish', 'b']]);
    assert.equal(starts(seen.log), 'acab');
  },

  async does_not_repeat_a_canceled_job() {
    await assertLog({}, [['submit', 'a', { retries: 5, retryDelayMs: 10 }], ['fail', 'a', 'x'],
      ['abort', 'a', 'enough'], ['advance', 100],
      ['submit', 'b', { retries: 5 }], ['cancel', 'b', 'stop'], ['fail', 'b', 'y'], ['advance', 100], ['look']], [
      '0 a starts #1', '0 a canceled: CanceledError(enough)', '100 b starts #1', '100 b hears CanceledError(stop)',
        '100 cancel b: true',
      '100 b canceled: CanceledError(stop)', '200 waiting 0, running 0',
    ]);
  },

  async starts_nothing_while_it_is_paused() {
    await assertLog({ workers: 2 }, [['submit', 'a', { retries: 1 }], ['pause'], ['submit', 'b'], ['fail', 'a', 'x'],
      ['advance', 10],
      ['cancel', 'b', 'no'], ['submit', 'c', { priority: 1 }], ['look'], ['resume'], ['look']], [
      '0 a starts #1', '10 cancel b: true', '10 b canceled: CanceledError(no)', '10 waiting 2, running 0',
        '10 c starts #1', '10 a starts #2',
      '10 waiting 0, running 2',
    ]);
  },

  async tells_when_it_is_idle() {
    await assertLog({}, [['idle'], ['submit', 'a', { retries: 1, retryDelayMs: 5 }], ['idle'], ['fail', 'a', 'x'], ['advance', 5],
      ['cancel', 'a', 'y'], ['look'], ['finish', 'a']], [
      '0 idle', '0 a starts #1', '5 a starts #2', '5 a hears CanceledError(y)', '5 cancel a: true',
        '5 a canceled: CanceledError(y)',
      '5 waiting 0, running 1', '5 idle',
    ]);
  },

  async closes_after_what_runs_has_finished() {
    await assertLog({ workers: 2 }, [['submit', 'a'], ['submit', 'b', { retries: 9 }], ['submit', 'c'], ['close'],
      ['submit', 'd'],
      ['finish', 'a', 1], ['fail', 'b', 'x'], ['close']], [
      '0 a starts #1', '0 b starts #1', '0 c canceled: CanceledError(closed)', '0 d refused: true', '0 a done: 1',
        '0 b failed: x', '0 closed',
      '0 closed',
    ]);
  },

  async leaves_no_rejection_unhandled() {
    const seen = await play({ workers: 2, look: false }, [['submit', 'a'], ['submit', 'b', { timeoutMs: 5 }],
      ['submit', 'c'], ['cancel', 'c', 'x'],
      ['fail', 'a', 'y'], ['advance', 5], ['fail', 'b', 'z'], ['submit', 'd'], ['cancel', 'd', 'x'], ['fail', 'd', 'late'],
      ['submit', 'e', {}, 'throw'], ['look']]);
    assert.deepEqual([seen.unhandled, seen.intact], [[], true]);
    assert.equal(texts(seen.log).at(-1), '5 waiting 0, running 0');
  },
};

run(cases);
