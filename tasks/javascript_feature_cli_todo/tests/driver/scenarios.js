// The one scenario: a session of commands and changes of files in a fresh folder.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const PROGRAM = path.join(process.cwd(), 'todo.js');

class Session {
  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'todo-'));
    this.env = { PATH: process.env.PATH, HOME: this.folder, TODO_FILE: this.at('tasks') };
  }

  at(name) {
    return path.join(this.folder, name);
  }

  /** Runs the program; `blocks` limits the size of files it may write, in units of 512 bytes. */
  run({ args, env = {}, blocks }) {
    const limit = blocks === undefined ? '' : `ulimit -f ${blocks};`;
    const command = ['-c', `${limit} exec "$0" "$@"`, process.execPath, PROGRAM, ...args];
    const places = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value && this.at(value)]));
    const { status, signal, stdout, stderr } = spawnSync('sh', command, {
      cwd: this.folder, env: { ...this.env, ...places }, encoding: 'utf8', timeout: 5000, killSignal: 'SIGKILL',
    });
    return { code: status ?? signal, out: stdout, err: stderr };
  }

  write({ name = 'tasks', content, mode = 0o644 }) {
    fs.writeFileSync(this.at(name), content);
    fs.chmodSync(this.at(name), mode);
    return null;
  }

  link({ name, target }) {
    fs.symlinkSync(target, this.at(name));
    return null;
  }

  folderNamed({ name }) {
    fs.mkdirSync(this.at(name));
    return null;
  }

  read({ name = 'tasks' }) {
    const stat = fs.lstatSync(this.at(name), { throwIfNoEntry: false });
    if (!stat) return 'missing';
    const mode = (fs.statSync(this.at(name)).mode & 0o7777).toString(8);
    return { link: stat.isSymbolicLink(), mode, content: fs.readFileSync(this.at(name), 'utf8') };
  }

  names() {
    return fs.readdirSync(this.folder).sort();
  }
}

function session({ steps }) {
  const current = new Session();
  try {
    return steps.map(([verb, given]) => current[verb](given ?? {}));
  } finally {
    fs.rmSync(current.folder, { recursive: true, force: true });
  }
}

module.exports = { session };
