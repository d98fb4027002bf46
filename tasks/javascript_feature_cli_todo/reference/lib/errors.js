'use strict';

/** A problem that is told to the user in one line. */
class TodoError extends Error {
  constructor(exitCode, message) {
    super(message.replace(/\s+/g, ' '));
    this.exitCode = exitCode;
  }
}

const unknownTask = (message) => new TodoError(1, message);
const wrongUse = (message) => new TodoError(2, message);
const fileProblem = (message) => new TodoError(3, message);

module.exports = { TodoError, unknownTask, wrongUse, fileProblem };
