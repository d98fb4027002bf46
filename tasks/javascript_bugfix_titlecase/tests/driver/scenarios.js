// The one scenario: writes titles, and writes what came out once more.
'use strict';

const path = require('node:path');

const { titleCase } = require(path.join(process.cwd(), 'titlecase.js'));

function titles({ texts }) {
  return texts.map((text) => {
    const once = titleCase(text);
    return [once, titleCase(once)];
  });
}

module.exports = { titles };
