// One headless Chromium behind the candidate prefix, spoken to in DevTools messages over its pipe.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { candidatePrefix } = require('./words');

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = ['--headless', '--no-sandbox', '--remote-debugging-pipe', '--disable-gpu', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
  '--disable-extensions', '--hide-scrollbars', '--mute-audio', '--force-color-profile=srgb'];
const REPLY_MS = 5000;
const START_MS = 15000;

function findChromium() {
  if (process.env.BENCHGEN_CHROMIUM) return process.env.BENCHGEN_CHROMIUM;
  const folders = String(process.env.PATH).split(path.delimiter);
  const places = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  const found = places.find((place) => fs.existsSync(place));
  if (!found) throw new Error('no Chromium found: set BENCHGEN_CHROMIUM, or install chromium');
  return found;
}

// The shell gives Chromium a profile in the temporary folder of the place where it really runs.
function startProcess(scratch) {
  const shell = ['sh', '-c', 'exec "$0" --user-data-dir="$TMPDIR/profile" "$@"', findChromium(), ...FLAGS];
  const [command, ...args] = [...candidatePrefix(), ...shell];
  return spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'], env: { ...process.env, TMPDIR: scratch } });
}

class Browser {
  constructor() {
    this.scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'chromium-'));
    this.child = startProcess(this.scratch);
    this.waiting = new Map();
    this.listeners = new Map();
    this.lastId = 0;
    this.errors = '';
    this.spareTab = null;
    this.ended = new Promise((resolve) => this.child.on('close', resolve));
    this.listen();
  }

  listen() {
    let rest = '';
    this.child.stdio[4].setEncoding('utf8').on('data', (chunk) => {
      const messages = (rest + chunk).split('\0');
      rest = messages.pop();
      for (const message of messages) this.receive(JSON.parse(message));
    });
    this.child.stdio[3].on('error', () => {}); // a browser that died is reported by fail()
    this.child.stderr.setEncoding('utf8').on('data', (text) => { this.errors = (this.errors + text).slice(-2000); });
    this.child.on('error', (error) => this.fail(error.message));
    this.child.on('close', () => this.fail('Chromium ended'));
  }

  receive({ id, result, error, method, params, sessionId }) {
    if (method) {
      this.listeners.get(sessionId)?.(method, params);
      return;
    }
    const call = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) call?.reject(new Error(`${call.method}: ${error.message}`));
    else call?.resolve(result);
  }

  fail(reason) {
    this.dead = `${reason}\n${this.errors}`;
    for (const call of this.waiting.values()) call.reject(new Error(this.dead));
    this.waiting.clear();
  }

  send(method, params = {}, sessionId = undefined, patience = REPLY_MS) {
    if (this.dead) return Promise.reject(new Error(this.dead));
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method}: no answer within ${patience} ms`)), patience);
      const settle = (end) => (value) => {
        clearTimeout(timer);
        end(value);
      };
      this.waiting.set(id, { method, resolve: settle(resolve), reject: settle(reject) });
      this.child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  async ready() {
    await this.send('Browser.getVersion', {}, undefined, START_MS);
    return this;
  }

  async close() {
    await this.send('Browser.close').catch(() => {}); // what does not close is killed
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 2000);
    await this.ended;
    clearTimeout(timer);
    fs.rmSync(this.scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

module.exports = { Browser };
