// The judge of the to-do list: every case plays a session in a child process and compares outputs and files.
'use strict';

const assert = require('node:assert/strict');
const { observe } = require('./support/candidate');
const { run } = require('./support/tap');

const todo = (...args) => ['run', { args }];
const write = (content, more = {}) => ['write', { content, ...more }];
const read = (name) => ['read', { name }];
const play = (...steps) => observe('session', { steps });
const file = (...lines) => lines.map((line) => `${line}\n`).join('');
const says = (...lines) => ({ code: 0, out: file(...lines), err: '' });

function assertRefused(result, code, hint = /./) {
  assert.deepEqual([result.code, result.out], [code, ''], `stderr was: ${result.err}`);
  assert.match(result.err, /^todo: [^\n]+\n$/);
  assert.match(result.err, hint);
}

const cases = {
  async adds_and_lists_tasks_by_due_day() {
    const seen = await play(todo('add', 'Buy', 'milk'), todo('add', '--due', '2024-02-29', 'Pay'),
      todo('add', 'Call', '--due=2023-12-01', 'Ann'),
      todo('add', '  spaced  '), todo('list'), read());
    assert.deepEqual(seen.slice(0, 4), [says('added 1'), says('added 2'), says('added 3'), says('added 4')]);
    assert.deepEqual(seen[4], says('3 [ ] 2023-12-01 Call Ann', '2 [ ] 2024-02-29 Pay', '1 [ ] Buy milk', '4 [ ] spaced'));
    assert.equal(seen[5].content, file('todo/1 next=5', '1\topen\t-\tBuy milk', '2\topen\t2024-02-29\tPay',
      '3\topen\t2023-12-01\tCall Ann',
      '4\topen\t-\tspaced'));
  },

  async hides_done_tasks_and_pads_the_ids() {
    const store = file('todo/1 next=120', '119\topen\t-\tlast', '2\topen\t-\ttwo', '10\topen\t-\tten');
    const seen = await play(write(store), todo('done', '119'), todo('list'), todo('list', '--all'),
      todo('done', '10', '2'), todo('list'));
    assert.deepEqual(seen.slice(1), [says('done 119'), says(' 2 [ ] two', '10 [ ] ten'),
      says('  2 [ ] two', ' 10 [ ] ten', '119 [x] last'), says('done 10', 'done 2'), says()]);
  },

  async never_uses_an_id_again() {
    const seen = await play(todo('add', 'a'), todo('add', 'b'), todo('rm', '2'), todo('add', 'c'),
      todo('rm', '3', '1', '3'), todo('add', 'd'), read());
    assert.deepEqual(seen.slice(2, 6), [says('removed 2'), says('added 3'), says('removed 3', 'removed 1'), says('added 4')]);
    assert.equal(seen[6].content, file('todo/1 next=5', '4\topen\t-\td'));
  },

  async changes_all_tasks_or_none() {
    const store = file('todo/1 next=9', '1\topen\t-\ta', '2\topen\t-\tb');
    const seen = await play(write(store), todo('done', '1', '7', '2', '8'), todo('rm', '2', '9'), read());
    assertRefused(seen[1], 1, /\b7\b.*\b8\b/);
    assertRefused(seen[2], 1, /\b9\b/);
    assert.equal(seen[3].content, store);
  },

  async takes_everything_after_two_dashes_for_text() {
    const seen = await play(todo('add', '--due', '2024-01-01', '--', '--all', '-x', '--'), todo('add', 'dash', '-'),
      todo('list'));
    assert.deepEqual(seen, [says('added 1'), says('added 2'), says('1 [ ] 2024-01-01 --all -x --', '2 [ ] dash -')]);
  },

  async refuses_wrong_use_without_touching_the_file() {
    const wrong = [[], ['frob'], ['constructor'], ['add'], ['add', ' '], ['add', 'x', '--due'], ['add', '--all', 'x'],
      ['add', '-x'], ['list', 'x'],
      ['list', '--all', '--all'], ['list', '--all=yes'], ['done'], ['done', '1x'], ['rm', '-1'], ['rm', '1.0'],
        ['list', '--due', '2024-01-01']];
    const seen = await play(...wrong.map((args) => todo(...args)), ['names']);
    wrong.forEach((args, index) => assertRefused(seen[index], 2));
    assert.deepEqual(seen.at(-1), []);
  },

  async knows_the_calendar() {
    const wrong = ['2023-02-29', '2024-02-30', '2024-13-01', '2024-00-10', '2024-04-31', '24-01-01', '2024-1-1', 'today', ''];
    const seen = await play(...wrong.map((day) => todo('add', 'x', '--due', day)), todo('add', 'x', '--due', '2000-02-29'),
      todo('add', 'y', '--due', '0099-12-31'), todo('list'));
    wrong.forEach((day, index) => assertRefused(seen[index], 2));
    assert.deepEqual(seen.slice(wrong.length), [says('added 1'), says('added 2'),
      says('2 [ ] 0099-12-31 y', '1 [ ] 2000-02-29 x')]);
  },

  async keeps_odd_texts() {
    const text = 'a\tb\nc\\n "d" é 🎉 #';
    const seen = await play(todo('add', text), todo('add', '# no remark'), todo('done', '2'), todo('list', '--all'), read(),
      todo('add', 'carriage\rreturn'), todo('rm', '1', '2'), read());
    assert.deepEqual(seen[3], says('1 [ ] a b c\\n "d" é 🎉 #', '2 [x] # no remark'));
    assert.equal(seen[7].content, file('todo/1 next=4', '3\topen\t-\tcarriage\\rreturn'));
    assert.equal(seen[4].content, file('todo/1 next=3', '1\topen\t-\ta\\tb\\nc\\\\n "d" é 🎉 #', '2\tdone\t-\t# no remark'));
  },

  async keeps_remarks_where_they_are() {
    const store = ['todo/1 next=4', '# top ', '1\topen\t-\ta', '', '#\tmiddle', '3\tdone\t2024-02-29\t b ', '# end'];
    const seen = await play(write(file(...store)), todo('add', 'c'), todo('done', '1'), todo('rm', '3'), read());
    const after = ['todo/1 next=5', '# top ', '1\tdone\t-\ta', '', '#\tmiddle', '# end', '4\topen\t-\tc'];
    assert.equal(seen[4].content, file(...after));
  },

  async names_the_line_of_a_damaged_file() {
    const good = ['todo/1 next=5', '1\topen\t-\ta', '# x'];
    const damaged = [
      ['', 1], [file('todo/2 next=5'), 1], [file('1\topen\t-\ta'), 1], [file(...good, '2\topen\ta'), 4],
        [file(...good, '2\topen\t-\ta\tb'), 4],
      [file(...good, '2\tdoing\t-\ta'), 4], [file(...good, '2\topen\t2023-02-29\ta'), 4],
        [file(...good, '2\topen\t-\ta\\x', 'y'), 4],
      [file(...good, '2\topen\t-\ta\\'), 4], [file(...good, '1\topen\t-\tb'), 4], [file(...good, '5\topen\t-\tb'), 4],
      [file(...good, 'x\topen\t-\tb'), 4], [`${file(...good)}2\topen\t-\tcut`, 4],
    ];
    const seen = await play(...damaged.flatMap(([content]) => [write(content), todo('add', 'x'), read()]));
    damaged.forEach(([content, line], index) => {
      assertRefused(seen[3 * index + 1], 3, new RegExp(`line ${line}\\b`));
      assert.equal(seen[3 * index + 2].content, content);
    });
  },

  async finds_its_file_and_creates_it_only_to_save() {
    const home = (args) => ['run', { args, env: { TODO_FILE: '' } }];
    const seen = await play(home(['list']), todo('done', '1'), ['names'], home(['add', 'x']), ['names'], read('.todo'),
      ['folderNamed', { name: 'd' }],
      ['run', { args: ['list'], env: { TODO_FILE: 'd' } }], ['run',
        { args: ['add', 'x'], env: { TODO_FILE: 'none/tasks' } }], ['names']);
    assert.deepEqual(seen[0], says());
    assertRefused(seen[1], 1);
    assert.deepEqual([seen[2], seen[3], seen[4]], [[], says('added 1'), ['.todo']]);
    assert.deepEqual(seen[5], { link: false, mode: '600', content: file('todo/1 next=2', '1\topen\t-\tx') });
    assertRefused(seen[7], 3);
    assertRefused(seen[8], 3);
    assert.deepEqual(seen[9], ['.todo', 'd']);
  },

  async loses_nothing_when_the_disk_is_full() {
    const store = file('todo/1 next=3', '1\topen\t-\tprecious', `2\topen\t-\t${'long '.repeat(400)}`);
    for (const args of [['add', 'x'], ['done', '1'], ['rm', '1']]) {
      const seen = await play(write(store), ['run', { args, blocks: 0 }], read(), ['run', { args, blocks: 2 }], read(),
        ['names'], todo('list'));
      assertRefused(seen[1], 3);
      assertRefused(seen[3], 3);
      assert.deepEqual([seen[2].content, seen[4].content, seen[5]], [store, store, ['tasks']]);
      assert.equal(seen[6].code, 0);
    }
  },

  async saves_through_a_link_and_keeps_permissions() {
    const store = file('todo/1 next=2', '1\topen\t-\ta');
    const after = file('todo/1 next=2', '1\tdone\t-\ta');
    const seen = await play(write(store, { name: 'real', mode: 0o640 }), ['link', { name: 'tasks', target: 'real' }],
      todo('done', '1'), read(),
      read('real'), ['names']);
    assert.deepEqual(seen[3], { link: true, mode: '640', content: after });
    assert.deepEqual(seen[4], { link: false, mode: '640', content: after });
    assert.deepEqual(seen[5], ['real', 'tasks']);
  },
};

run(cases);
