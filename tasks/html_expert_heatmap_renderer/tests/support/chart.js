// A page with one heatmap, and the words for looking at it.
'use strict';

const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { Page } = require('./page');
const { readPng } = require('./png');

const PAGE = pathToFileURL(path.join(__dirname, '..', 'driver', 'page.html')).href;
const CANVAS = '#box .heatmap-canvas';

// Runs beside the page's scripts. What JSON cannot carry comes as a text with a "$".
function perform(verb, given) {
  const odd = { $NaN: NaN, $Infinity: Infinity, '$-Infinity': -Infinity, $undefined: undefined };
  const revive = (value) => (typeof value === 'string' && value in odd ? odd[value] : value);
  const data = given && { ...given, values: given.values.map((row) => row.map(revive)) };
  if (verb === 'create') {
    window.heatmapUnderTest = { chart: createHeatmap(document.getElementById('box'), data), data };
  }
  const { chart, data: kept } = window.heatmapUnderTest;
  if (verb === 'update') chart.update(data);
  if (verb === 'destroy') chart.destroy();
  if (verb === 'meddle') kept.values[0][0] = kept.values[1][1];
}

class Chart {
  static async open(browser, options) {
    const chart = new Chart();
    chart.page = await Page.open(browser, PAGE, options);
    return chart;
  }

  async tell(verb, data = null) {
    await this.page.call(perform, verb, data);
  }

  async widen(width) {
    await this.page.read((size) => { document.getElementById('box').style.width = `${size}px`; }, width);
  }

  /** Changes the pixel ratio as moving the window to another screen does; a screenshot makes a headless page notice. */
  async zoom(ratio) {
    await this.page.resize(800, 600, ratio);
    await this.page.settle();
    await this.page.send('Page.captureScreenshot', { format: 'png', clip: { x: 0, y: 0, width: 1, height: 1, scale: 1 } });
    await this.page.settle();
  }

  /** The pixels of an element as they are on the screen. */
  async picture(selector = CANVAS) {
    await this.page.settle();
    const { x, y, width, height } = await this.page.box(selector);
    const clip = { x, y, width, height, scale: 1 };
    const { data } = await this.page.send('Page.captureScreenshot', { format: 'png', clip });
    return readPng(Buffer.from(data, 'base64'));
  }

  /** The colour in the middle of each cell. */
  async cells(rows, columns) {
    const { width, height, at } = await this.picture();
    const middle = (index, size, count) => Math.floor(((index + 0.5) * size) / count);
    return Array.from({ length: rows }, (_, r) => Array.from({ length: columns },
      (__, c) => at(middle(c, width, columns), middle(r, height, rows))));
  }

  /** A point over a cell, in CSS pixels. */
  async point(r, c, rows, columns) {
    const { x, y, width, height } = await this.page.box(CANVAS);
    await this.page.mouse('mouseMoved', x + ((c + 0.5) * width) / columns, y + ((r + 0.5) * height) / rows);
  }

  async size() {
    await this.page.settle();
    return this.page.read((chosen) => {
      const canvas = document.querySelector(chosen);
      const { width, height } = canvas.getBoundingClientRect();
      return { css: [width, height], store: [canvas.width, canvas.height] };
    }, CANVAS);
  }

  async texts() {
    await this.page.settle();
    return this.page.read(() => {
      const text = (chosen) => [...document.querySelectorAll(`#box ${chosen}`)].map((found) => found.innerText.trim()).join('|');
      return { low: text('.legend .legend-low'), high: text('.legend .legend-high'), missing: text('.legend .legend-missing'),
        status: text('[role=status]') };
    });
  }

  async status() {
    return (await this.texts()).status;
  }

  close(usable) {
    return this.page.close(usable);
  }
}

module.exports = { Chart, CANVAS };
