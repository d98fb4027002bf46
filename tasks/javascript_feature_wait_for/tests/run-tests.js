// The judge of waitFor: every case plays a script under a fake clock in a child process and compares the log.
'use strict';

const assert = require('node:assert/strict');
const { observe } = require('./support/candidate');
const { run } = require('./support/tap');

const NO = ['value', false];
const LATER = ['later'];

/** The log with the abort of the attempts' signal before the rejection: which of the two comes first is left open. */
function inOrder(log) {
  const lines = [...log];
  for (let at = 1; at < lines.length; at += 1) {
    if (lines[at].includes(' hears ') && lines[at - 1].includes(' rejected ')) lines.splice(at - 1, 2, lines[at], lines[at - 1]);
  }
  return lines;
}

async function assertLog({ actions = [], options = {}, ...script }, wanted) {
  const seen = await observe('script', { options, actions, ...script });
  assert.deepEqual(inOrder(seen.log), wanted);
  assert.deepEqual([seen.unhandled, seen.intact], [[], true], 'a rejection was left unhandled');
  return seen;
}

const cases = {
  async resolves_with_the_first_truthy_value() {
    const falsy = [['value', 0], ['promise', '$empty'], ['value', null], ['promise', '$NaN'], ['value', '$undefined'], NO];
    const seen = await assertLog({ answers: [...falsy, ['promise', 'yes']], options: { intervalMs: 10 },
      actions: [['advance', 500]] },
      ['0 #1', '10 #2', '20 #3', '30 #4', '40 #5', '50 #6', '60 #7', '60 resolved yes']);
    assert.deepEqual([seen.timers, seen.listeners], [0, 0]);
    await assertLog({ answers: [['value', 7]] }, ['0 #1', '0 resolved 7']);
    assert.equal(await observe('real'), 'third');
  },

  async lets_the_waits_grow_up_to_a_limit() {
    await assertLog({ answers: [NO], options: { timeoutMs: 3000, intervalMs: 100, factor: 2, maxIntervalMs: 500 },
      actions: [['advance', 1999]] },
      ['0 #1', '100 #2', '300 #3', '700 #4', '1200 #5', '1700 #6']);
    await assertLog({ answers: [NO], options: { timeoutMs: 300, intervalMs: 80, maxIntervalMs: 60 },
      actions: [['advance', 200]] },
      ['0 #1', '60 #2', '120 #3', '180 #4']);
  },

  async waits_from_the_end_of_an_attempt_and_never_overlaps() {
    await assertLog({ answers: [LATER, LATER, ['value', 'ok']], options: { intervalMs: 10 },
      actions: [['advance', 35], ['resolve', 1, false], ['advance', 9], ['advance', 1], ['advance', 100],
        ['reject', 2, 'x'], ['advance', 10]] },
    ['0 #1', '45 #2', '155 #3', '155 resolved ok']);
  },

  async gives_up_at_the_deadline_between_two_attempts() {
    const seen = await assertLog({ answers: [NO], options: { timeoutMs: 100, intervalMs: 40 },
      actions: [['advance', 99], ['advance', 1], ['advance', 99]] },
      ['0 #1', '40 #2', '80 #3', '100 hears TimeoutError, attempts 3', '100 rejected TimeoutError, attempts 3']);
    assert.deepEqual([seen.timers, seen.listeners], [0, 0]);
  },

  async makes_no_attempt_at_the_deadline() {
    await assertLog({ answers: [NO, ['value', 'late']], options: { timeoutMs: 100, intervalMs: 100 },
      actions: [['advance', 300]] },
      ['0 #1', '100 hears TimeoutError, attempts 1', '100 rejected TimeoutError, attempts 1']);
    await assertLog({ answers: [NO], options: { timeoutMs: 0, intervalMs: 0 }, actions: [['advance', 0]] },
      ['0 #1', '0 hears TimeoutError, attempts 1', '0 rejected TimeoutError, attempts 1']);
    await assertLog({ answers: [['promise', 'quick']], options: { timeoutMs: 0 }, actions: [['advance', 0]] },
      ['0 #1', '0 resolved quick']);
  },

  async gives_up_while_an_attempt_hangs() {
    const script = { answers: [['throw', 'early'], LATER], options: { timeoutMs: 100, intervalMs: 40 } };
    const wanted = ['0 #1', '40 #2', '100 hears TimeoutError, attempts 2, cause early',
      '100 rejected TimeoutError, attempts 2, cause early'];
    for (const late of [['resolve', 2, 'late'], ['reject', 2, 'late']]) {
      const seen = await assertLog({ ...script, actions: [['advance', 100], late, ['advance', 500]] }, wanted);
      assert.deepEqual([seen.timers, seen.listeners], [0, 0]);
    }
  },

  async tells_the_error_of_the_last_attempt_that_ended() {
    const timeout = (answers, cause) => assertLog({ answers, options: { timeoutMs: 10, intervalMs: 4 },
      actions: [['advance', 10]] },
      ['0 #1', '4 #2', '8 #3', `10 hears TimeoutError, attempts 3${cause}`, `10 rejected TimeoutError, attempts 3${cause}`]);
    await timeout([['throw', 'a'], ['reject', 'b'], ['reject', 'c']], ', cause c');
    await timeout([['throw', 'a'], NO, NO], '');
    await timeout([NO, NO, ['throw', null]], ', cause null');
  },

  async rejects_at_once_with_an_error_that_is_not_to_be_retried() {
    for (const verb of ['throw', 'reject']) {
      const seen = await assertLog({ answers: [['throw', 'busy'], [verb, 'fatal']], retryOn: ['busy'],
        actions: [['advance', 5000]] },
        ['0 #1', '50 #2', '50 rejected fatal']);
      assert.deepEqual([seen.timers, seen.listeners], [0, 0]);
    }
    const { log } = await observe('script', { answers: [['throw', 'trap']], retryOn: ['busy'], options: {}, actions: [] });
    assert.match(log[1], /^0 rejected SyntaxError/);
  },

  async obeys_the_signal_of_the_caller() {
    const waiting = await assertLog({ answers: [['throw', 'x']],
      actions: [['advance', 60], ['abort', 'enough'], ['advance', 5000]] },
      ['0 #1', '50 #2', '60 hears enough', '60 rejected enough']);
    assert.deepEqual([waiting.timers, waiting.listeners], [0, 0]);
    const hanging = await assertLog({ answers: [LATER], actions: [['abort', 'enough'], ['resolve', 1, 'late'],
      ['advance', 5000]] },
      ['0 #1', '0 hears enough', '0 rejected enough']);
    assert.deepEqual([hanging.timers, hanging.listeners], [0, 0]);
  },

  async makes_no_attempt_when_it_is_aborted_before() {
    const seen = await assertLog({ answers: [['value', 1]], aborted: 'before', actions: [['advance', 100]] },
      ['0 rejected before']);
    assert.deepEqual([seen.timers, seen.mostTimers, seen.listeners], [0, 0, 0]);
  },

  async leaves_the_signal_of_the_attempts_alone_when_it_succeeds() {
    const seen = await assertLog({ answers: [NO, LATER], actions: [['advance', 50], ['resolve', 2, 'fine'],
      ['abort', 'later'], ['advance', 5000]] },
      ['0 #1', '50 #2', '50 resolved fine']);
    assert.deepEqual([seen.timers, seen.listeners], [0, 0]);
  },

  async sets_no_timer_for_an_infinite_deadline() {
    const endless = await assertLog({ answers: [...Array(9).fill(NO), ['value', 'at last']],
      options: { timeoutMs: '$Infinity', intervalMs: 1000, factor: 10 }, actions: [['advance', 90000]] },
    ['0 #1', '1000 #2', '11000 #3', '21000 #4', '31000 #5', '41000 #6', '51000 #7', '61000 #8', '71000 #9',
      '81000 #10', '81000 resolved at last']);
    assert.deepEqual([endless.mostTimers, endless.longest], [1, 10000]);
    const limited = await assertLog({ answers: [NO], options: { timeoutMs: 100, intervalMs: 70 },
      actions: [['advance', 70]] }, ['0 #1', '70 #2']);
    assert.ok(limited.mostTimers <= 2 && limited.longest <= 10000,
      `${limited.mostTimers} timers, the longest of ${limited.longest} ms`);
  },

  async rejects_wrong_arguments_before_any_attempt() {
    const range = [{ timeoutMs: -1 }, { timeoutMs: '$NaN' }, { timeoutMs: '$text' }, { intervalMs: -1 },
      { intervalMs: '$Infinity' }, { factor: 0.5 },
      { factor: '$Infinity' }, { maxIntervalMs: '$NaN' }, { maxIntervalMs: '$Infinity' }].map((options) => ({ options }));
    const type = [{ check: '$undefined', options: {} }, { options: { retryOn: 5 } }];
    const seen = await observe('wrong', { calls: [...range, ...type] });
    assert.deepEqual(seen, [...range.map(() => ['RangeError', 0]), ...type.map(() => ['TypeError', 0])]);
  },
};

run(cases);
