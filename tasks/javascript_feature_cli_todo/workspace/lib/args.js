'use strict';

function parseArgs([command, ...words]) {
  return { command, words };
}

module.exports = { parseArgs };
