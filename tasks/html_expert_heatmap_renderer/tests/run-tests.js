// The judge of the heatmap: one browser, a fresh page for every case, and colours as they are on the screen.
'use strict';

const assert = require('node:assert/strict');
const { Browser } = require('./support/browser');
const { Chart, CANVAS } = require('./support/chart');
const { run } = require('./support/tap');

const BUDGET_MS = 40000;
const GREY = [189, 189, 189];
const BLACK = [0, 0, 0];
const BLUES = [[247, 251, 255], [8, 48, 107]];
const RED_BLUE = [[178, 24, 43], [247, 247, 247], [33, 102, 172]];

function mix(stops, t) {
  const place = t * (stops.length - 1);
  const from = Math.min(Math.floor(place), stops.length - 2);
  return [0, 1, 2].map((index) => Math.round(stops[from][index] + (stops[from + 1][index] - stops[from][index]) * (place - from)));
}

const blue = (t) => mix(BLUES, t);
const near = (seen, wanted, slack = 2) => seen.every((channel, index) => Math.abs(channel - wanted[index]) <= slack);

function assertColours(seen, wanted, slack = 2) {
  const alike = seen.flat().every((colour, index) => near(colour, wanted.flat()[index], slack));
  assert.ok(alike, `colours are ${JSON.stringify(seen)}\ninstead of   ${JSON.stringify(wanted)}`);
}

function grid(values, more = {}) {
  return { title: 'Visits', rows: values.map((_, r) => `row ${r}`), columns: values[0].map((_, c) => `col ${c}`), values,
    scale: 'linear', ...more };
}

const NINE = grid([[0, 1, 2], [3, 4, 5], [6, 7, 8]]);

const checks = {
  async paints_a_linear_scale(chart) {
    await chart.tell('create', grid([[-10, 0, 10], [20, 25, 30]]));
    assertColours(await chart.cells(2, 3), [[0, 0.25, 0.5], [0.75, 0.875, 1]].map((row) => row.map(blue)));
  },

  async paints_a_log_scale_by_magnitude(chart) {
    await chart.tell('create', grid([[0.01, 1, 100, 10000]], { scale: 'log' }));
    assertColours(await chart.cells(1, 4), [[0, 1 / 3, 2 / 3, 1].map(blue)]);
  },

  async centres_a_diverging_scale_on_zero(chart) {
    await chart.tell('create', grid([[-2, 0, 2, 8]], { scale: 'diverging' }));
    assertColours(await chart.cells(1, 4), [[0.375, 0.5, 0.625, 1].map((t) => mix(RED_BLUE, t))]);
    const { low, high } = await chart.texts();
    assert.deepEqual([low, high], ['-8', '8']);
  },

  async paints_missing_values_grey_and_keeps_them_out_of_the_scale(chart) {
    const odd = ['$NaN', '$Infinity', '$-Infinity', null, '7', '$undefined'];
    await chart.tell('create', { ...grid([odd, [1, 2, 3]]), rows: ['a', 'b', 'c'] });
    assertColours(await chart.cells(3, 6), [Array(6).fill(GREY), [blue(0), blue(0.5), blue(1), GREY, GREY, GREY],
      Array(6).fill(GREY)]);
    await chart.tell('update', grid([[-5, 0, 1, 10, 100]], { scale: 'log' }));
    assertColours(await chart.cells(1, 5), [[GREY, GREY, blue(0), blue(0.5), blue(1)]]);
    await chart.point(0, 0, 1, 5);
    assert.deepEqual(await chart.texts(), { low: '1', high: '100', missing: 'no data', status: 'row 0, col 0: no data' });
  },

  async paints_equal_values_in_the_colour_of_the_middle(chart) {
    await chart.tell('create', grid([[5, 5]]));
    assertColours(await chart.cells(1, 2), [[blue(0.5), blue(0.5)]]);
    await chart.tell('update', grid([[5, '$NaN']], { scale: 'log' }));
    assertColours(await chart.cells(1, 2), [[blue(0.5), GREY]]);
    await chart.tell('update', grid([[0, 0]], { scale: 'diverging' }));
    assertColours(await chart.cells(1, 2), [[mix(RED_BLUE, 0.5), mix(RED_BLUE, 0.5)]]);
  },

  async explains_its_colours_in_a_legend(chart) {
    await chart.tell('create', grid([[-12.3456, 987654]]));
    const { width, height, at } = await chart.picture('#box .legend .legend-ramp');
    assert.ok(width >= 100 && height >= 8, `the ramp is ${width} by ${height} pixels`);
    const shares = [0.02, 0.25, 0.5, 0.75, 0.98];
    const seen = shares.map((share) => at(Math.floor(share * width), Math.floor(height / 2)));
    assertColours([seen], [shares.map(blue)], 6);
    const { low, high, missing } = await chart.texts();
    assert.deepEqual([low, high, missing], ['-12.3', '988000', '']);
    await chart.tell('update', grid([[1, '$NaN']]));
    assert.equal((await chart.texts()).missing, 'no data');
    await chart.tell('update', grid([[null, '$NaN']], { scale: 'diverging' }));
    const none = await chart.texts();
    assert.deepEqual([none.low, none.high, none.missing], ['–', '–', 'no data']);
  },

  async draws_every_device_pixel_in_the_colour_of_its_cell(chart) {
    await chart.zoom(2);
    await chart.tell('create', grid([[0, 6, 1, 5, 2, 4, 3]]));
    assert.deepEqual(await chart.size(), { css: [400, 24], store: [800, 48] });
    const { width, at } = await chart.picture();
    const values = [0, 6, 1, 5, 2, 4, 3];
    const wanted = Array.from({ length: width }, (_, x) => values.findIndex((__, c) => x < Math.round(((c + 1) * 800) / 7)));
    const wrong = wanted.findIndex((c, x) => !near(at(x, 24), blue(values[c] / 6)));
    assert.ok(width === 800 && wrong === -1, `pixel ${wrong} of ${width} is ${wrong < 0 ? 'right' : at(wrong, 24)}`);
  },

  async follows_a_change_of_the_pixel_ratio(chart) {
    await chart.tell('create', NINE);
    assert.deepEqual(await chart.size(), { css: [400, 72], store: [400, 72] });
    for (const ratio of [2, 1.5, 1]) {
      await chart.zoom(ratio);
      assert.deepEqual(await chart.size(), { css: [400, 72], store: [400 * ratio, 72 * ratio] });
    }
    assertColours(await chart.cells(3, 3), NINE.values.map((row) => row.map((value) => blue(value / 8))));
  },

  async follows_the_width_of_its_container(chart) {
    await chart.tell('create', NINE);
    await chart.point(1, 1, 3, 3);
    for (const width of [250, 610]) {
      await chart.widen(width);
      assert.deepEqual(await chart.size(), { css: [width, 72], store: [width, 72] });
      assertColours(await chart.cells(3, 3), NINE.values.map((row) => row.map((value) => blue(value / 8))));
    }
    assert.equal(await chart.status(), 'row 1, col 1: 4');
  },

  async walks_through_the_cells_by_keyboard(chart) {
    await chart.tell('create', NINE);
    await chart.page.press('Tab');
    assert.equal(await chart.status(), '');
    const steps = [['ArrowDown', 0, 0], ['ArrowDown', 1, 0], ['ArrowLeft', 1, 0], ['ArrowRight', 1, 1], ['End', 1, 2],
      ['ArrowRight', 1, 2], ['ArrowUp', 0, 2], ['ArrowUp', 0, 2], ['Home', 0, 0]];
    for (const [key, r, c] of steps) {
      await chart.page.press(key);
      assert.equal(await chart.status(), `row ${r}, col ${c}: ${NINE.values[r][c]}`, key);
    }
    await chart.page.press('End', { control: true });
    assert.equal(await chart.status(), 'row 2, col 2: 8');
    await chart.page.press('Home', { control: true });
    assert.equal(await chart.status(), 'row 0, col 0: 0');
    await chart.page.press('ArrowDown');
    await chart.page.press('Escape');
    assert.equal(await chart.status(), '');
    await chart.page.press('End');
    assert.equal(await chart.status(), 'row 0, col 0: 0');
  },

  async keeps_its_keys_from_scrolling_and_leaves_the_others_alone(chart) {
    await chart.tell('create', NINE);
    await chart.page.press('Tab');
    for (const key of ['ArrowDown', 'ArrowDown', 'End', 'ArrowDown', 'ArrowDown']) await chart.page.press(key);
    await chart.page.press('End', { control: true });
    await chart.page.settle();
    const scrolled = () => chart.page.read(() => new Promise((resolve) => {
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(window.scrollY)));
    }));
    assert.equal(await scrolled(), 0);
    const focused = () => chart.page.read((chosen) => document.activeElement === document.querySelector(chosen), CANVAS);
    assert.equal(await focused(), true);
    await chart.page.press('Tab');
    assert.equal(await focused(), false);
  },

  async tells_about_the_cell_under_the_pointer(chart) {
    await chart.tell('create', grid([[0.125, '$NaN'], [3, 4e21]]));
    const told = [];
    for (const [r, c] of [[0, 0], [0, 1], [1, 1]]) {
      await chart.point(r, c, 2, 2);
      told.push(await chart.status());
    }
    assert.deepEqual(told, ['row 0, col 0: 0.125', 'row 0, col 1: no data', 'row 1, col 1: 4e+21']);
    await chart.page.mouse('mouseMoved', 700, 500);
    assert.equal(await chart.status(), 'row 1, col 1: 4e+21');
  },

  async frames_the_active_cell_and_no_other(chart) {
    await chart.zoom(2);
    await chart.tell('create', grid([[0, 1, 2, 3], [4, 5, 6, 7]]));
    await chart.point(0, 1, 2, 4);
    await chart.point(1, 2, 2, 4);
    const { at } = await chart.picture();
    const [left, right, middle] = [400, 599, 500];
    const row = (x) => at(x, 72);
    const inside = [row(left + 1), row(left + 2), row(right - 2), row(right - 1), at(middle, 50), at(middle, 93)];
    assertColours([inside], [Array(6).fill(BLACK)]);
    const kept = [row(left + 6), row(middle), row(right - 6), row(left - 2), row(right + 3), at(203, 24), at(300, 2)];
    assertColours([kept], [[6, 6, 6, 5, 7, 1, 1].map((value) => blue(value / 7))]);
  },

  async replaces_its_data_on_update_and_only_then(chart) {
    await chart.tell('create', NINE);
    await chart.page.press('Tab');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await chart.page.press(key);
    await chart.tell('meddle');
    await chart.widen(300);
    assertColours([(await chart.cells(3, 3))[0]], [[0, 1, 2].map((value) => blue(value / 8))]);
    await chart.tell('update', grid([[9, 8], [7, 5]], { rows: ['x', 'y'] }));
    assert.equal(await chart.status(), 'y, col 1: 5');
    assert.deepEqual((await chart.size()).css, [300, 48]);
    const focused = await chart.page.read((chosen) => document.activeElement === document.querySelector(chosen), CANVAS);
    assert.equal(focused, true);
    await chart.tell('update', grid([[1, 2, 3]]));
    assert.equal(await chart.status(), '');
    assertColours(await chart.cells(1, 3), [[blue(0), blue(0.5), blue(1)]]);
  },

  async takes_titles_and_names_for_text(chart) {
    const title = '<b>Fish</b> &amp; <img src=x>';
    await chart.tell('create', grid([[1, 2]], { title, rows: ['<i>r</i>'], columns: ['<u>c</u>', 'd'] }));
    await chart.point(0, 0, 1, 2);
    assert.equal(await chart.status(), '<i>r</i>, <u>c</u>: 1');
    assert.equal((await chart.page.accessible(CANVAS)).name, title);
    const shown = await chart.page.read(() => [document.getElementById('box').innerText,
      document.querySelectorAll('b, i, u, img').length]);
    assert.ok(shown[0].includes(title) && shown[1] === 0, `shown is ${JSON.stringify(shown)}`);
  },

  async copes_with_many_cells_and_leaves_nothing_behind(chart) {
    const values = Array.from({ length: 150 }, (_, r) => Array.from({ length: 1000 }, (__, c) => r * 1000 + c));
    await chart.tell('create', grid(values));
    assert.deepEqual([(await chart.texts()).low, (await chart.texts()).high], ['0', '150000']);
    await chart.tell('destroy');
    await chart.tell('destroy');
    await chart.widen(333);
    await chart.page.resize(700, 500, 2);
    await chart.page.settle();
    const left = await chart.page.read(() => document.getElementById('box').childNodes.length);
    assert.deepEqual([left, chart.page.faults], [0, []]);
  },
};

async function withChart(browser, check) {
  const chart = await Chart.open(browser);
  let passed = false;
  try {
    await check(chart);
    passed = true;
  } catch (error) {
    const faults = chart.page.faults.map((fault) => `\nscript error in the page: ${fault}`).join('');
    throw new Error(`${error.message}${faults}`, { cause: error });
  } finally {
    await chart.close(passed);
  }
}

async function main() {
  const browser = await new Browser().ready();
  try {
    const cases = Object.entries(checks).map(([name, check]) => [name, () => withChart(browser, check)]);
    await run(Object.fromEntries(cases), BUDGET_MS);
  } finally {
    await browser.close();
  }
}

main();
