'use strict';

const { unknownTask } = require('./errors');

const tasksOf = (store) => store.lines.filter((line) => line.task).map((line) => line.task);

function checkKnown(store, ids) {
  const known = new Set(tasksOf(store).map(({ id }) => id));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length === ids.length) throw unknownTask(`unknown: ${unknown.join(', ')}`);
}

// Without a due day a task sorts behind every day.
function byDue(a, b) {
  const [left, right] = [a.due ?? '~', b.due ?? '~'];
  if (left !== right) return left < right ? -1 : 1;
  return a.id - b.id;
}

function show({ id, done, due, text }, width) {
  const day = due ? `${due} ` : '';
  return `${String(id).padStart(width)} [${done ? 'x' : ' '}] ${day}${text.replace(/\r\n|[\n\t\r]/g, ' ')}`;
}

const commands = {
  add(store, { text, due }) {
    const id = store.next;
    store.next += 1;
    store.lines.push({ task: { id, done: false, due, text } });
    return { lines: [`added ${id}`], changed: true };
  },

  list(store, { all }) {
    const shown = tasksOf(store).filter(({ done }) => all || !done).sort(byDue);
    const width = Math.max(0, ...shown.map(({ id }) => String(id).length));
    return { lines: shown.map((task) => show(task, width)), changed: false };
  },

  done(store, { ids }) {
    checkKnown(store, ids);
    for (const task of tasksOf(store)) if (ids.includes(task.id)) task.done = true;
    return { lines: ids.map((id) => `done ${id}`), changed: true };
  },

  rm(store, { ids }) {
    checkKnown(store, ids);
    store.lines = store.lines.filter(({ task }) => !task || !ids.includes(task.id));
    return { lines: ids.map((id) => `removed ${id}`), changed: true };
  },
};

module.exports = { commands };
