// The judge of the sign-up form: one browser, and for every case a fresh page with a backend that the case answers for.
'use strict';

const assert = require('node:assert/strict');
const { Browser } = require('./support/browser');
const { Form, FIELDS, SAY } = require('./support/form');
const { run } = require('./support/tap');

const BUDGET_MS = 40000;
const CHECKING = 'Checking the username…';

const checks = {
  async names_every_control_and_marks_the_fields_required(form) {
    const labels = ['Username', 'Password', 'Repeat password', 'Seats', 'Guests'];
    for (const [index, name] of FIELDS.entries()) {
      const { name: label, facts } = await form.page.accessible(`[name=${name}]`);
      assert.deepEqual([label, facts.required], [labels[index], true]);
    }
    assert.equal((await form.page.accessible('#signup button')).name, 'Sign up');
    const masked = await form.page.read(() => ['password', 'repeat'].map((name) => document.querySelector(`[name=${name}]`).type));
    assert.deepEqual(masked, ['password', 'password']);
  },

  async says_nothing_about_a_field_before_it_is_left(form) {
    assert.deepEqual(await form.messages(), {});
    await form.write('username', 'M');
    assert.deepEqual(await form.messages(), {});
    await form.write('repeat', 'x');
    await form.write('password', 'y');
    assert.deepEqual(await form.messages(), { username: SAY.badName, repeat: SAY.differ });
  },

  async tells_eye_and_ear_what_is_wrong_with_a_field_that_was_left(form) {
    for (const name of FIELDS) await form.page.click(`[name=${name}]`);
    await form.leave();
    assert.deepEqual(await form.messages(), { username: SAY.noName, password: SAY.noPassword, repeat: SAY.noRepeat,
      seats: SAY.seats, guests: SAY.guests });
    for (const [password, message] of [['', SAY.noPassword], ['nine long', SAY.short], [' ten long ', undefined]]) {
      await form.write('password', password);
      assert.equal((await form.messages()).password, message, `password: "${password}"`);
      const { description } = await form.page.accessible('[name=password]');
      assert.ok(description.includes('At least 10 characters.'), `the hint is not in "${description}"`);
      assert.ok(await form.page.read(() => document.body.innerText.includes('At least 10 characters.')),
        'the hint is not to be seen');
    }
  },

  async follows_every_keystroke_once_a_field_was_left(form) {
    await form.write('username', '  ');
    await form.leave();
    assert.deepEqual(await form.messages(), { username: SAY.noName });
    const steps = [['ab', SAY.badName], ['c', undefined], ['-9', undefined], ['_', SAY.badName]];
    await form.page.click('[name=username]');
    for (const [letters, message] of steps) {
      await form.page.type(letters);
      assert.equal((await form.messages()).username, message, `after "${letters}"`);
    }
  },

  async takes_only_digits_for_a_whole_number(form) {
    await form.fill({ seats: '1', guests: '1' });
    await form.leave();
    const wrong = ['0', '51', '1e1', '2.0', '+3', '-1', '0x9', '3 4', '4x', '', '٣'];
    for (const text of wrong) {
      await form.write('seats', text);
      assert.deepEqual(await form.messages(), { seats: SAY.seats }, `seats: "${text}"`);
    }
    for (const text of ['50', ' 7 ', '007']) {
      await form.write('seats', text);
      assert.deepEqual(await form.messages(), {}, `seats: "${text}"`);
    }
    await form.write('guests', '-1');
    assert.deepEqual(await form.messages(), { guests: SAY.guests });
  },

  async judges_the_repeat_again_when_the_password_changes(form) {
    await form.write('password', 'correct horse');
    await form.write('repeat', 'correct horse');
    await form.leave();
    assert.deepEqual(await form.messages(), {});
    await form.page.click('[name=password]');
    await form.page.press('End');
    for (const message of [SAY.differ, undefined]) {
      await (message ? form.page.type(' ') : form.page.press('Backspace'));
      assert.equal((await form.messages()).repeat, message);
    }
  },

  async judges_the_guests_again_when_the_seats_change(form) {
    await form.write('seats', '9');
    await form.write('guests', '10');
    await form.leave();
    assert.deepEqual(await form.messages(), { guests: SAY.crowd });
    await form.write('seats', '90');
    assert.deepEqual(await form.messages(), { seats: SAY.seats });
    await form.write('seats', '10');
    assert.deepEqual(await form.messages(), {});
  },

  async shows_every_fault_on_submit_and_focuses_the_first(form) {
    await form.write('username', 'maria');
    await form.page.press('Enter');
    assert.deepEqual(await form.messages(), { password: SAY.noPassword, repeat: SAY.noRepeat, seats: SAY.seats,
      guests: SAY.guests });
    const { focus, busy } = await form.state();
    assert.deepEqual([focus, busy, await form.sent()], ['password', false, []]);
  },

  async asks_about_each_well_formed_name_once(form) {
    for (const name of ['Ab', 'anna', ' anna ', 'bea']) {
      await form.write('username', name);
      await form.leave();
    }
    assert.deepEqual(await form.checks(), ['anna', 'bea']);
    await form.answer('bea', 'resolve', false);
    assert.equal((await form.messages()).username, SAY.taken);
    await form.answer('anna', 'resolve', true);
    await form.write('username', 'anna');
    assert.equal((await form.messages()).username, undefined);
    await form.write('username', 'bea');
    assert.equal((await form.messages()).username, SAY.taken);
    await form.leave();
    assert.deepEqual(await form.checks(), ['anna', 'bea']);
  },

  async ignores_an_answer_about_another_name(form) {
    const told = async () => [(await form.messages()).username, (await form.state()).status];
    await form.write('username', 'anna');
    await form.leave();
    assert.deepEqual(await told(), [undefined, CHECKING]);
    await form.write('username', 'bea');
    await form.leave();
    await form.answer('anna', 'resolve', false);
    assert.deepEqual(await told(), [undefined, CHECKING]);
    await form.answer('bea', 'resolve', true);
    assert.deepEqual(await told(), [undefined, '']);
    await form.write('username', 'cleo');
    await form.leave();
    await form.write('username', 'bea');
    await form.answer('cleo', 'reject', 'offline');
    assert.deepEqual(await told(), [undefined, '']);
  },

  async repeats_a_check_that_was_rejected(form) {
    await form.fill();
    await form.answer('maria', 'reject', 'offline');
    assert.deepEqual(await form.messages(), { username: SAY.unchecked });
    await form.page.click('[name=username]');
    await form.leave();
    assert.deepEqual(await form.checks(), ['maria', 'maria']);
    await form.answer('maria', 'reject', 'offline');
    await form.submit();
    assert.deepEqual([(await form.checks()).length, (await form.sent()).length, (await form.state()).busy], [3, 0, true]);
    await form.answer('maria', 'resolve', true);
    assert.equal((await form.sent()).length, 1);
  },

  async waits_for_the_check_and_sends_plain_values(form) {
    await form.fill({ username: ' maria ', password: ' pass word ', repeat: ' pass word ', seats: ' 12 ' });
    await form.submit();
    const { status, busy, off } = await form.state();
    assert.deepEqual([status, busy, off, await form.sent()], [CHECKING, true, true, []]);
    await form.answer('maria', 'resolve', true);
    assert.deepEqual(await form.sent(), [{ username: 'maria', password: ' pass word ', seats: 12, guests: 3 }]);
    assert.equal((await form.state()).status, 'Sending…');
  },

  async returns_to_the_username_when_it_turns_out_taken(form) {
    await form.fill();
    await form.submit();
    await form.answer('maria', 'resolve', false);
    assert.deepEqual(await form.messages(), { username: SAY.taken });
    const { focus, busy, off, status } = await form.state();
    assert.deepEqual([focus, busy, off, status, await form.sent()], ['username', false, false, '', []]);
    await form.submit();
    assert.deepEqual([await form.checks(), await form.sent()], [['maria'], []]);
  },

  async sends_once_however_often_submit_is_tried(form) {
    await form.fill();
    await form.page.click('#signup button', 2);
    await form.page.press('Enter');
    await form.answer('maria', 'resolve', true);
    await form.page.click('#signup button', 2);
    await form.page.press('Enter');
    const { busy, off, disabled, focus } = await form.state();
    assert.deepEqual([busy, off, disabled, focus, (await form.sent()).length], [true, true, false, 'button', 1]);
    await form.page.click('[name=guests]');
    await form.page.press('Enter');
    assert.equal((await form.sent()).length, 1);
  },

  async drops_a_submission_when_a_field_is_edited_during_the_check(form) {
    await form.fill();
    await form.submit();
    await form.write('guests', '4');
    const { busy, off } = await form.state();
    await form.answer('maria', 'resolve', true);
    assert.deepEqual([busy, off, await form.sent()], [false, false, []]);
    await form.submit();
    assert.deepEqual((await form.sent()).map((data) => data.guests), [4]);
  },

  async tells_of_a_refusal_and_then_of_success_and_then_rests(form) {
    await form.fill();
    await form.submit();
    await form.answer('maria', 'resolve', true);
    await form.answer('submit', 'reject', 'No seats are left.');
    const refused = await form.state();
    assert.deepEqual([refused.alert, refused.busy, refused.off, refused.status], ['No seats are left.', false, false, '']);
    await form.submit();
    assert.deepEqual([(await form.state()).alert, (await form.sent()).length, await form.checks()], ['', 2, ['maria']]);
    await form.answer('submit', 'resolve');
    await form.submit();
    const done = await form.state();
    assert.deepEqual([done.status, done.alert, done.busy, done.off, (await form.sent()).length],
      ['You are signed up.', '', false, false, 2]);
  },
};

async function withForm(browser, check) {
  const form = await Form.open(browser);
  let passed = false;
  try {
    await check(form);
    passed = true;
  } catch (error) {
    const faults = form.page.faults.map((fault) => `\nscript error in the page: ${fault}`).join('');
    throw new Error(`${error.message}${faults}`, { cause: error });
  } finally {
    await form.close(passed);
  }
}

async function main() {
  const browser = await new Browser().ready();
  try {
    await run(Object.fromEntries(Object.entries(checks).map(([name, check]) => [name,
      () => withForm(browser, check)])), BUDGET_MS);
  } finally {
    await browser.close();
  }
}

main();
