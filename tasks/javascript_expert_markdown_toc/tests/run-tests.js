// The judge of the table of contents: every case hands a document to a child process and compares what came back.
'use strict';

const assert = require('node:assert/strict');
const { observe } = require('./support/candidate');
const { run } = require('./support/tap');

const doc = (...lines) => lines.join('\n');
const list = (...lines) => observe('list', { markdown: doc(...lines) });

async function assertHeadings(lines, wanted) {
  const seen = await list(...lines);
  assert.deepEqual(seen.map(({ line, level, text }) => [line, level, text]), wanted);
}

async function assertTexts(pairs) {
  const seen = await list(...pairs.map(([source]) => `# ${source}`));
  assert.deepEqual(seen.map(({ text }) => text), pairs.map(([, text]) => text));
}

async function assertSlugs(pairs) {
  const seen = await list(...pairs.map(([source]) => `# ${source}`));
  assert.deepEqual(seen.map(({ slug }) => slug), pairs.map(([, slug]) => slug));
}

async function assertUpdate(markdown, wanted, options) {
  const { once, twice } = await observe('update', { markdown, options });
  assert.equal(once, wanted);
  assert.equal(twice, wanted, 'updating a second time changed something');
}

const cases = {
  async reads_atx_headings() {
    await assertHeadings(
      ['# One', '   ### Three ###', '#\tTab', '###### Six #', '####### seven', '#tag', '    # code', '\\# escaped',
        '## C#', '##', '# # #',
        '## a ## b', '#'],
      [[1, 1, 'One'], [2, 3, 'Three'], [3, 1, 'Tab'], [4, 6, 'Six'], [9, 2, 'C#'], [11, 1, '#'], [12, 2, 'a ## b']],
    );
  },

  async reads_underlined_headings_of_several_lines() {
    await assertHeadings(
      ['One', '===', '', 'Two', '   lines  ', '    and more', '-', 'plain', '', '---', '===', '', '==', '# A', '---',
        'B', ' = ', 'C', '= ='],
      [[1, 1, 'One'], [4, 2, 'Two lines and more'], [14, 1, 'A'], [16, 1, 'B']],
    );
  },

  async skips_fenced_code() {
    await assertHeadings(
      ['````js', '# a', '```', '# b', '~~~~', '# c', '```` x', '# d', '   `````  ', '# In', '~~~ a`b', '# e',
        '    ~~~', '# f', '~~~',
        '# Out', '``` a`b', '# Not fenced', '', '    ```', '# Neither', '~~~', '# to the end'],
      [[10, 1, 'In'], [16, 1, 'Out'], [18, 1, 'Not fenced'], [21, 1, 'Neither']],
    );
  },

  async makes_no_heading_of_lists_and_quotes() {
    await assertHeadings(
      ['- item', '---', '> quote', 'lazy', '===', '', '12) item', 'lazy', '---', 'Free', '---', '* # item',
        '> # quote', 'text', '# Heading',
        'Next', '---', '', 'Text', '- item', '===', '', '-no item', '---', '\tcode', '---'],
      [[10, 2, 'Free'], [15, 1, 'Heading'], [16, 2, 'Next'], [23, 2, '-no item']],
    );
  },

  async skips_front_matter_and_comments() {
    await assertHeadings(
      ['---', 'title: x', '# no', '---', '# A', '<!-- # no -->', '# B', 'text', '<!--', '# no', '```', '', 'no', '---',
        '-->', '# C',
        '<!-- open', '# no'],
      [[5, 1, 'A'], [7, 1, 'B'], [16, 1, 'C']],
    );
    await assertHeadings(['---', 'Title', '---- ', '# A'], [[2, 2, 'Title'], [4, 1, 'A']]);
  },

  async strips_emphasis_and_leaves_other_stars_alone() {
    await assertTexts([
      ['*a* **b** ***c*** _d_ __e__ ~~f~~', 'a b c d e f'],
      ['**bold *and* more**', 'bold and more'],
      ['snake_case_name and _it_', 'snake_case_name and it'],
      ['2 * 3 * 4', '2 * 3 * 4'],
      ['a ** b, *c', 'a ** b, *c'],
      ['in*side*out ~one~', 'insideout ~one~'],
      ['_größe_ größe_x_', 'größe größe_x_'],
      ['*a `*` b*', 'a * b'],
    ]);
  },

  async takes_code_spans_and_escapes_literally() {
    await assertTexts([
      ['`*x*` and `a_b_c`', '*x* and a_b_c'],
      ['`` a`b `` and ` `', 'a`b and'],
      ['`<b>` `&amp;` `\\*`', '<b> &amp; \\*'],
      ['\\*not\\* \\_it\\_ \\`code\\` \\[x](y)', '*not* _it_ `code` [x](y)'],
      ['one ` tick', 'one ` tick'],
      ['`` two ` one', '`` two ` one'],
      ['\\a \\\\', '\\a \\'],
    ]);
  },

  async reads_links_images_tags_and_references() {
    await assertTexts([
      ['[Text](http://x.org/a_(b)_c) end', 'Text end'],
      ['[*a* [b] `]`](<u> "t") and [c][ref]', 'a [b] ] and c'],
      ['![Logo of *us*](logo.png) [x] y', 'Logo of us [x] y'],
      ['[![build](b.svg)](ci) status', 'build status'],
      ['<em>a</em><br/> <!-- b --> c', 'a c'],
      ['<https://x.org/*a*> x', 'https://x.org/*a* x'],
      ['1 < 2 <3 a<b', '1 < 2 <3 a<b'],
      ['R&amp;D &lt;b&gt; &#42;x&#x2A; &nope; AT&T', 'R&D <b> *x* &nope; AT&T'],
      ['[open](x', '[open](x'],
    ]);
  },

  async makes_slugs_in_any_script() {
    await assertSlugs([
      ['Über uns: Größe & Maß', 'über-uns-größe--maß'],
      ['日本語 の 見出し', '日本語-の-見出し'],
      ['हिन्दी', 'हिन्दी'],
      ['Cafe\u0301', 'caf\u00e9'],
      ['snake_case - `code()` v1.2', 'snake_case---code-v12'],
      ['🎉', 'section'],
      ['ΑΒΓ ½ ٣', 'αβγ-½-٣'],
    ]);
  },

  async numbers_repeated_slugs_without_a_collision() {
    await assertSlugs([['Foo', 'foo'], ['foo', 'foo-1'], ['Foo-1', 'foo-1-1'], ['*Foo*', 'foo-2'],
      ['Foo 1', 'foo-1-2'], ['Bar 1', 'bar-1'],
      ['Bar', 'bar'], ['bar', 'bar-2'], ['constructor', 'constructor'], ['__proto__ ', 'proto'],
        ['\\_\\_proto\\_\\_', '__proto__'],
      ['!', 'section'], ['?', 'section-1']]);
  },

  async nests_entries_under_their_parents() {
    const headings = [2, 4, 3, 4, 1, 3, 2, 6].map((level, index) => ({ level, text: `t${index}`, slug: `s${index}`,
      line: index }));
    const all = await observe('render', { headings });
    assert.equal(all, doc('- [t0](#s0)', '  - [t1](#s1)', '  - [t2](#s2)', '    - [t3](#s3)', '- [t4](#s4)',
      '  - [t5](#s5)', '  - [t6](#s6)',
      '    - [t7](#s7)'));
    const some = await observe('render', { headings, options: { from: 2, to: 3 } });
    assert.equal(some, doc('- [t0](#s0)', '  - [t2](#s2)', '  - [t5](#s5)', '- [t6](#s6)'));
  },

  async escapes_the_texts_of_the_entries() {
    const headings = [{ level: 1, text: 'a[0] = *p_x* \\ `b` <i> R&D', slug: 'x', line: 1 }];
    assert.equal(await observe('render', { headings }), '- [a\\[0\\] = \\*p\\_x\\* \\\\ \\`b\\` \\<i> R\\&D](#x)');
  },

  async puts_the_list_between_the_markers_and_nowhere_else() {
    const rest = ['<!-- /toc -->', '', "## Cost $& $1 $' $$", '<!-- toc -->', '<!-- /toc -->', '### C', ''];
    const before = doc('# Top', '', '  <!-- toc -->  ', '# old', '```', ...rest);
    const after = doc('# Top', '', '  <!-- toc -->  ', '', "- [Cost $\\& $1 $' $$](#cost--1--)", '', ...rest);
    await assertUpdate(before, after, { from: 2, to: 2 });
    const seen = await observe('list', { markdown: before });
    assert.deepEqual(seen.map(({ line }) => line), [1, 8, 11]);
  },

  async keeps_line_endings_and_an_empty_list_empty() {
    const crlf = ['A', '===', '<!-- toc -->', '<!-- /toc -->', 'x\ny  ', ''].join('\r\n');
    await assertUpdate(crlf, ['A', '===', '<!-- toc -->', '', '- [A](#a)', '', '<!-- /toc -->', 'x\ny  ', ''].join('\r\n'));
    await assertUpdate('<!-- toc -->\n\n- [Gone](#gone)\n\n<!-- /toc -->', '<!-- toc -->\n<!-- /toc -->');
  },

  async needs_a_pair_of_markers_outside_of_code() {
    const unchanged = doc('```', '<!-- toc -->', '```', '# A', '<!--', '<!-- toc -->', '-->', '    <!-- toc -->', '',
      '<!-- /toc -->',
      '<!-- toc --> x', '<!-- toc -->', '# B');
    await assertUpdate(unchanged, unchanged);
    await assertUpdate(doc('~~~', '<!-- toc -->', '~~~', '<!-- toc -->', '<!-- /toc -->', '# A'),
      doc('~~~', '<!-- toc -->', '~~~', '<!-- toc -->', '', '- [A](#a)', '', '<!-- /toc -->', '# A'));
  },
};

run(cases);
