// Runs the cases, or those named on the command line, one after another and prints their outcome as TAP version 14.
'use strict';

function diagnostics(error) {
  const text = String((error && error.message) || error);
  return ['  ---', '  message: |', ...text.split('\n').map((line) => `    ${line}`), '  ...'].join('\n');
}

async function outcome(check) {
  try {
    await check();
    return null;
  } catch (error) {
    return error ?? new Error('the check threw nothing');
  }
}

async function run(cases) {
  const asked = process.argv.slice(2);
  const names = asked.length > 0 ? asked : Object.keys(cases);
  console.log('TAP version 14');
  console.log(`1..${names.length}`);
  let failures = 0;
  for (const [index, name] of names.entries()) {
    const error = await outcome(cases[name]);
    if (error) failures += 1;
    console.log(`${error ? 'not ok' : 'ok'} ${index + 1} - ${name}`);
    if (error) console.log(diagnostics(error));
  }
  process.exitCode = failures === 0 ? 0 : 1;
}

module.exports = { run };
