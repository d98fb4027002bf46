// Writes an observation as JSON without calling anything that the code under test could have replaced.
'use strict';

const { stringify } = JSON;
const { isArray } = Array;
const { keys } = Object;
const { isFinite } = Number;
const MAX_DEPTH = 8;

function encodeList(list, depth) {
  let text = '[';
  for (let i = 0; i < list.length; i += 1) text += (i ? ',' : '') + encode(list[i], depth + 1);
  return `${text}]`;
}

function encodeObject(object, depth) {
  const names = keys(object);
  let text = '{';
  for (let i = 0; i < names.length; i += 1) {
    text += `${i ? ',' : ''}${stringify(names[i])}:${encode(object[names[i]], depth + 1)}`;
  }
  return `${text}}`;
}

// What JSON cannot say is written as a string that starts with "$"; strings that start with it get a second one.
function encode(value, depth = 0) {
  if (value === null || value === true || value === false) return `${value}`;
  if (typeof value === 'string') return stringify(value[0] === '$' ? `$${value}` : value);
  if (typeof value === 'number') return isFinite(value) ? `${value}` : `"$${value}"`;
  if (typeof value !== 'object' || depth > MAX_DEPTH) return `"$${typeof value}"`;
  return isArray(value) ? encodeList(value, depth) : encodeObject(value, depth);
}

module.exports = { encode };
