'use strict';

const commands = {
  add(tasks, words) {
    const task = { id: tasks.length + 1, text: words.join(' ') };
    tasks.push(task);
    return [`added ${task.id}`];
  },

  list(tasks) {
    return tasks.map(({ id, text }) => `${id} [ ] ${text}`);
  },
};

module.exports = { commands };
