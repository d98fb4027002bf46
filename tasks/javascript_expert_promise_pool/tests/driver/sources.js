// Sources that count what is asked of them.
'use strict';

const PULLS_AT_MOST = 10000; // an endless source ends here, so that a greedy pool fails at once instead of filling the memory

function watched(seen, next, giveBack) {
  return {
    next() {
      seen.pulls += 1;
      return next();
    },
    return() {
      seen.returns += 1;
      return giveBack();
    },
  };
}

function iterable(seen, symbol, iterator) {
  return {
    get [symbol]() {
      seen.opened += 1;
      return () => iterator;
    },
  };
}

/** 0, 1, 2 … up to `length` items, or endless; `failAt` throws in place of that item. */
function counter(seen, { length = Infinity, failAt = -1 }) {
  let at = 0;
  const next = () => {
    if (at >= PULLS_AT_MOST) throw new Error('an endless source was read to its end');
    if (at === failAt) throw new Error('the source failed');
    at += 1;
    return at > length ? { done: true, value: undefined } : { done: false, value: at - 1 };
  };
  const iterator = watched(seen, next, () => ({ done: true, value: undefined }));
  return { seen, iterable: iterable(seen, Symbol.iterator, iterator) };
}

/** An async source that answers only when the script supplies something; also a decoy iterable with other items. */
function tap(seen, { returnFails = false, returnHangs = false }) {
  const waiting = [];
  const next = () => {
    seen.overlaps += waiting.length > 0 ? 1 : 0;
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  };
  const giveBack = () => {
    if (returnHangs) return new Promise(() => {});
    return returnFails ? Promise.reject(new Error('return failed')) : Promise.resolve({ done: true, value: undefined });
  };
  const source = iterable(seen, Symbol.asyncIterator, watched(seen, next, giveBack));
  source[Symbol.iterator] = () => ['decoy'][Symbol.iterator]();
  const supply = (value) => waiting.shift()?.resolve(value === null ? { done: true } : { done: false, value });
  return { seen, iterable: source, supply, breakWith: (error) => waiting.shift()?.reject(error) };
}

function makeSource({ kind, ...spec }) {
  const seen = { opened: 0, pulls: 0, returns: 0, overlaps: 0 };
  return kind === 'tap' ? tap(seen, spec) : counter(seen, spec);
}

module.exports = { makeSource };
