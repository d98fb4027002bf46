// Plays one scenario of the driver in a child process and returns what the driver observed.
'use strict';

const { randomBytes } = require('node:crypto');
const { spawn } = require('node:child_process');
const path = require('node:path');
const { candidatePrefix } = require('./words');

const DRIVER = path.join(__dirname, '..', 'driver', 'driver.js');
const WORKSPACE = path.join(__dirname, '..', '..', 'workspace');
const DEADLINE_MS = 10000;
const OUTPUT_LIMIT = 1 << 20;

function collect(child) {
  return new Promise((resolve, reject) => {
    const output = { stdout: '', stderr: '', problem: null };
    const stop = (problem) => {
      output.problem = output.problem ?? problem;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => stop(`no answer within ${DEADLINE_MS} ms`), DEADLINE_MS);
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (chunk) => {
        output[name] += chunk;
        if (output[name].length > OUTPUT_LIMIT) stop(`more than ${OUTPUT_LIMIT} characters on ${name}`);
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ ...output, end: signal ?? `exit code ${code}` });
    });
  });
}

function parseReport(stdout, nonce) {
  const line = stdout.split('\n').filter((text) => text.trim() !== '').pop() ?? '';
  try {
    const report = JSON.parse(line);
    return report.nonce === nonce ? report : null;
  } catch {
    return null;
  }
}

async function observe(scenario, input = {}) {
  const nonce = randomBytes(16).toString('hex');
  const [command, ...args] = [...candidatePrefix(), process.execPath, DRIVER];
  const child = spawn(command, args, { cwd: WORKSPACE, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {}); // a child that dies early closes its stdin; its end is reported below
  child.stdin.end(JSON.stringify({ nonce, scenario, input }));
  const { stdout, stderr, problem, end } = await collect(child);
  const report = problem === null ? parseReport(stdout, nonce) : null;
  if (report === null) {
    throw new Error(`${problem ?? `no observation (${end})`}\n${stderr.slice(-1500)}`);
  }
  if (report.fault !== null) throw new Error(`the scenario ended early: ${report.fault}`);
  return report.observed;
}

module.exports = { observe };
