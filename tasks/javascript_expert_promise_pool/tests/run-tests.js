// The judge of mapPool: every case plays one script in a child process and compares what was seen with the instructions.
'use strict';

const assert = require('node:assert/strict');
const { observe } = require('./support/candidate');
const { run } = require('./support/tap');

const play = (source, options, actions, more = {}) => observe('script', { source, options, actions, ...more });
const counter = (length) => ({ kind: 'counter', length });
const ENDLESS = { kind: 'counter' };
const TAP = { kind: 'tap' };

function pick(look, ...keys) {
  return Object.fromEntries(keys.map((key) => [key, look[key]]));
}

const cases = {
  async refills_each_free_slot_at_once_and_keeps_the_order() {
    const { looks } = await play(counter(5), { concurrency: 2 }, [['finish', 1, 'b'], ['finish', 2, 'c'], ['finish', 0, 'a'],
      ['finish', 4, 'e'], ['finish', 3, 'd']]);
    assert.deepEqual(looks.map((look) => look.started.length), [2, 3, 4, 5, 5, 5]);
    assert.deepEqual(looks[5].started, [[0, 0], [1, 1], [2, 2], [3, 3], [4, 4]]);
    assert.deepEqual(pick(looks[5], 'state', 'value'), { state: 'resolved', value: ['a', 'b', 'c', 'd', 'e'] });
  },

  async stays_within_the_limit_over_thousands_of_items() {
    const seen = await observe('crowd', { count: 20000, concurrency: 7 });
    assert.deepEqual(seen, { state: 'resolved', peak: seen.peak, length: 20000, picked: [0, 2, 4, 39998] });
    assert.ok(seen.peak >= 2 && seen.peak <= 7, `${seen.peak} mappers were running at once, the limit was 7`);
  },

  async pulls_an_item_only_when_a_slot_is_free() {
    const { looks } = await play(ENDLESS, { concurrency: 3 }, [['finish', 0, 0], ['finish', 2, 0]]);
    assert.deepEqual(looks.map((look) => look.pulls), [3, 4, 5]);
    const unlimited = await play(counter(4), { concurrency: 'Infinity' }, []);
    assert.deepEqual(pick(unlimited.looks[0], 'state', 'pulls'), { state: 'pending', pulls: 5 });
    assert.equal(unlimited.looks[0].started.length, 4);
  },

  async asks_an_async_source_for_one_item_at_a_time() {
    const { looks } = await play(TAP, { concurrency: 3 }, [['supply', 'x'], ['supply', 'y'], ['finish', 0, 'X'], ['supply', null],
      ['finish', 1, 'Y']]);
    assert.deepEqual(looks.map((look) => [look.pulls, look.overlaps]), [[1, 0], [2, 0], [3, 0], [3, 0], [3, 0], [3, 0]]);
    assert.deepEqual(pick(looks[5], 'state', 'value', 'returns'), { state: 'resolved', value: ['X', 'Y'], returns: 0 });
  },

  async rejects_with_the_first_failure_once_running_work_has_ended() {
    const { looks } = await play(ENDLESS, { concurrency: 3 }, [['fail', 1, 'first'], ['fail', 0, 'second'], ['finish', 2, 0]]);
    assert.deepEqual(looks.map((look) => look.state), ['pending', 'pending', 'pending', 'rejected']);
    assert.equal(looks[3].reason, 'first');
    assert.equal(looks[3].started.length, 3);
    const thrown = await observe('crowd', { count: 4, concurrency: 2, throwAt: 1 });
    assert.deepEqual(pick(thrown, 'state', 'reason'), { state: 'rejected', reason: { kind: 'Error', message: 'thrown' } });
  },

  async treats_undefined_as_a_reason_like_any_other() {
    const { looks } = await play(ENDLESS, { concurrency: 2 }, [['fail', 0], ['fail', 1, 'later']]);
    assert.deepEqual(pick(looks[2], 'state', 'reason'), { state: 'rejected', reason: 'nothing' });
    assert.equal(looks[2].pulls, 2);
  },

  async aborts_the_signal_of_the_mappers_with_the_cause() {
    const { looks } = await play(ENDLESS, { concurrency: 2 }, [['fail', 1, 'broken'], ['fail', 0, 'again']]);
    assert.deepEqual(looks[1].inner, [[0, 'broken'], [1, 'broken']]);
    const fine = await play(counter(2), { concurrency: 2, onFailure: 'settle' }, [['fail', 0, 'x'], ['finish', 1, 'y']]);
    assert.deepEqual(pick(fine.looks[2], 'state', 'inner'), { state: 'resolved', inner: [] });
  },

  async closes_the_source_once_and_only_when_it_stops_early() {
    const early = await play(ENDLESS, { concurrency: 2 }, [['fail', 0, 'x'], ['abort', 'y'], ['fail', 1, 'z']]);
    assert.deepEqual(early.looks.map((look) => look.returns), [0, 1, 1, 1]);
    const whole = await play(counter(1), { concurrency: 2 }, [['fail', 0, 'x']]);
    assert.deepEqual(pick(whole.looks[1], 'state', 'returns'), { state: 'rejected', returns: 0 });
  },

  async collects_all_failures_in_the_order_of_the_items() {
    const { looks } = await play(counter(4), { concurrency: 2, onFailure: 'collect' },
      [['fail', 1, 'one'], ['finish', 0, 'zero'], ['fail', 3, 'three'], ['fail', 2, 'two']]);
    assert.deepEqual(looks.map((look) => look.state), ['pending', 'pending', 'pending', 'pending', 'rejected']);
    assert.deepEqual(looks[4].reason, { kind: 'AggregateError', errors: ['one', 'two', 'three'] });
  },

  async settles_every_item_when_asked_to() {
    const { looks } = await play(counter(3), { concurrency: 2, onFailure: 'settle' },
      [['fail', 1, 'no'], ['finish', 2, 'c'], ['finish', 0, 'a']]);
    assert.equal(looks[3].state, 'resolved');
    assert.deepEqual(looks[3].value, [{ status: 'fulfilled', value: 'a' }, { status: 'rejected', reason: 'no' },
      { status: 'fulfilled', value: 'c' }]);
  },

  async stops_for_an_abort_in_every_mode_and_lets_go_of_the_signal() {
    for (const onFailure of ['stop', 'collect', 'settle']) {
      const { looks } = await play(ENDLESS, { concurrency: 2, onFailure },
        [['abort', 'enough'], ['finish', 0, 1], ['finish', 1, 2]]);
      assert.deepEqual(looks.map((look) => look.state), ['pending', 'pending', 'pending', 'rejected'], onFailure);
      assert.deepEqual(pick(looks[3], 'reason', 'pulls', 'listeners'), { reason: 'enough', pulls: 2, listeners: 0 });
      assert.deepEqual(looks[1].inner, [[0, 'enough'], [1, 'enough']]);
    }
    const { looks } = await play(counter(1), { concurrency: 1 }, [['finish', 0, 1], ['abort', 'late']]);
    assert.deepEqual(pick(looks[2], 'state', 'listeners', 'inner'), { state: 'resolved', listeners: 0, inner: [] });
  },

  async leaves_the_source_alone_when_the_signal_is_already_aborted() {
    const { looks } = await play(ENDLESS, { concurrency: 2 }, [], { abortedBefore: 'too late' });
    assert.deepEqual(pick(looks[0], 'state', 'reason', 'opened', 'started', 'listeners'),
      { state: 'rejected', reason: 'too late', opened: 0, started: [], listeners: 0 });
  },

  async does_not_wait_for_a_source_that_hangs() {
    const { looks } = await play({ kind: 'tap', returnHangs: true }, { concurrency: 2 },
      [['supply', 'x'], ['abort', 'stop'], ['finish', 0, 1], ['supply', 'y']]);
    assert.deepEqual(looks.map((look) => look.state), ['pending', 'pending', 'pending', 'rejected', 'rejected']);
    assert.deepEqual(pick(looks[4], 'started', 'returns'), { started: [['x', 0]], returns: 1 });
  },

  async stops_when_the_source_fails_and_does_not_close_it() {
    const failing = await play({ kind: 'counter', failAt: 2 }, { concurrency: 5, onFailure: 'settle' },
      [['finish', 0, 'a'], ['finish', 1, 'b']]);
    assert.deepEqual(failing.looks.map((look) => look.state), ['pending', 'pending', 'rejected']);
    assert.deepEqual(pick(failing.looks[2], 'reason', 'returns', 'inner'), {
      reason: { kind: 'Error', message: 'the source failed' },
      returns: 0,
      inner: [[0, { kind: 'Error', message: 'the source failed' }], [1, { kind: 'Error', message: 'the source failed' }]],
    });
  },

  async leaves_no_rejection_unhandled() {
    const seen = await play({ kind: 'tap', returnFails: true }, { concurrency: 3 },
      [['supply', 'x'], ['supply', 'y'], ['fail', 0, 'first'], ['fail', 1, 'second'], ['break', 'next failed too']]);
    assert.equal(seen.looks[5].reason, 'first');
    assert.deepEqual([seen.unhandled, seen.intact], [[], true]);
  },

  async rejects_wrong_arguments_before_it_touches_the_source() {
    const calls = [
      ...['none', 'NaN', 'zero', 'minus', 'half', 'text'].map((concurrency) => ({ options: { concurrency } })),
      { options: { concurrency: 1, onFailure: 'ignore' } },
      { mapper: 'none', options: { concurrency: 1 } },
      ...['none', 'null', 'number'].map((source) => ({ source, options: { concurrency: 1 } })),
    ];
    const range = ['rejected', 'RangeError', 0];
    const type = ['rejected', 'TypeError', 0];
    const text = { source: 'text', options: { concurrency: 1 } };
    assert.deepEqual(await observe('wrongCalls', { calls: [...calls, text] }),
      [...Array(7).fill(range), ...Array(4).fill(type), ['resolved', '$undefined', 0]]);
  },
};

run(cases);
