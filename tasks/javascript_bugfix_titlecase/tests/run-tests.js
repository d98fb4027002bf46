// The judge of titleCase: every case hands titles to a child process and compares what came out.
'use strict';

const assert = require('node:assert/strict');
const { observe } = require('./support/candidate');
const { run } = require('./support/tap');

async function assertTitles(pairs) {
  const seen = await observe('titles', { texts: Object.keys(pairs) });
  assert.deepEqual(seen.map(([once]) => once), Object.values(pairs));
  assert.deepEqual(seen.map(([, twice]) => twice), Object.values(pairs), 'a title that was right did not stay as it was');
}

const cases = {
  async capitalises_plain_words() {
    await assertTitles({ 'war and peace': 'War and Peace', 'the Lord of the rings': 'The Lord of the Rings',
      Emma: 'Emma', x: 'X', '': '' });
  },

  async keeps_an_apostrophe_inside_its_word() {
    await assertTitles({
      "don't look up": "Don't Look Up",
      'the dog’s breakfast': 'The Dog’s Breakfast',
      "rock 'n' roll": "Rock 'N' Roll",
      "'tis the season": "'Tis the Season",
      "y'all'd've": "Y'all'd've",
      "the boys' club": "The Boys' Club",
    });
  },

  async knows_the_letters_of_every_script() {
    await assertTitles({
      'élan vital': 'Élan Vital',
      'e\u0301lan': 'E\u0301lan',
      'cafe\u0301s in naïve towns': 'Cafe\u0301s in Naïve Towns',
      'смерть и наука': 'Смерть И Наука',
      'ἰλιάς ὀδύσσεια': 'Ἰλιάς Ὀδύσσεια',
      '東京 物語': '東京 物語',
    });
  },

  async takes_a_first_character_of_two_code_units_whole() {
    await assertTitles({ '𐐨𐐩 and 𐐪𐐫': '𐐀𐐩 and 𐐂𐐫', '𐐀𐐩𐐁': '𐐀𐐩𐐁' });
  },

  async keeps_words_with_a_capital_inside() {
    await assertTitles({
      'NASA and the iPhone': 'NASA and the iPhone',
      'the life of BRIAN': 'The Life of BRIAN',
      "o'brien and O'Brien": "O'brien and O'Brien",
      'émigrÉ xY THE end': 'émigrÉ xY THE End',
    });
  },

  async writes_small_words_small_within_a_title() {
    await assertTitles({ 'Gone With The Wind': 'Gone With the Wind', 'One Of A Kind': 'One of a Kind',
      'kramer vs. kramer': 'Kramer vs. Kramer',
      'at home, (by the sea), alone': 'At Home, (by the Sea), Alone', 'anders and theo': 'Anders and Theo' });
  },

  async capitalises_the_first_and_the_last_word() {
    await assertTitles({
      'what dreams are made of': 'What Dreams Are Made Of',
      '"of mice and men"': '"Of Mice and Men"',
      '… the things we live for!': '… The Things We Live For!',
      the: 'The',
    });
  },

  async starts_anew_after_a_colon_or_the_end_of_a_sentence() {
    await assertTitles({
      'alien: the return': 'Alien: The Return',
      'who? the owl! a story': 'Who? The Owl! A Story',
      'ready: "the end" is near': 'Ready: "The End" Is Near',
      'one, the other - the third': 'One, the Other - the Third',
    });
  },

  async takes_the_parts_of_a_compound_for_words() {
    await assertTitles({ 'state-of-the-art well-being': 'State-of-the-Art Well-Being',
      'input/output of e-mail': 'Input/Output of E-Mail',
      'a log-in': 'A Log-In', 'snake_case of x': 'Snake_Case of X' });
  },

  async leaves_alone_what_is_no_word() {
    await assertTitles({ 'two  spaces\tand\n a break ': 'Two  Spaces\tand\n a Break ',
      '  — 🎉 party — ': '  — 🎉 Party — ', '...': '...' });
  },

  async leaves_words_that_start_with_a_digit() {
    await assertTitles({ 'the 2nd day of 3d art': 'The 2nd Day of 3d Art', '10x': '10x', '٣rd way': '٣rd Way',
      'b2b sales': 'B2b Sales' });
  },
};

run(cases);
