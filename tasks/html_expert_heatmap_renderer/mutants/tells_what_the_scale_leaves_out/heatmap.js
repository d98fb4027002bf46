'use strict';

(() => {
  const ROW_HEIGHT = 24;
  const FRAME = 2;
  const MISSING = '#bdbdbd';
  const BLUES = [[247, 251, 255], [8, 48, 107]];
  const RED_BLUE = [[178, 24, 43], [247, 247, 247], [33, 102, 172]];

  /** The colour at t between evenly spaced stops. */
  function mix(stops, t) {
    const place = t * (stops.length - 1);
    const from = Math.min(Math.floor(place), stops.length - 2);
    const channel = (index) => stops[from][index] + (stops[from + 1][index] - stops[from][index]) * (place - from);
    return `rgb(${[0, 1, 2].map((index) => Math.round(channel(index))).join(',')})`;
  }

  function bounds(grid) {
    let low = Infinity;
    let high = -Infinity;
    for (const row of grid) {
      for (const value of row) {
        if (value === null) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    return [low, high];
  }

  function makeScale(kind, grid) {
    const stops = kind === 'diverging' ? RED_BLUE : BLUES;
    const along = kind === 'log' ? Math.log : (value) => value;
    let [low, high] = bounds(grid);
    if (kind === 'diverging' && low <= high) {
      high = Math.max(Math.abs(low), Math.abs(high));
      low = -high;
    }
    const span = along(high) - along(low);
    const share = (value) => (span === 0 ? 0.5 : (along(value) - along(low)) / span);
    return { low, high, stops, colour: (value) => (value === null ? MISSING : mix(stops, share(value))) };
  }

  /** A copy of the data in which every missing value is null. */
  function readData({ title, rows, columns, values, scale }) {
    const usable = (value) => Number.isFinite(value) && (scale !== 'log' || value > 0);
    const grid = rows.map((_, r) => columns.map((__, c) => (usable(values[r]?.[c]) ? values[r][c] : null)));
    const told = rows.map((_, r) => columns.map((__, c) => (Number.isFinite(values[r]?.[c]) ? values[r][c] : null)));
    return { title: String(title), rows: rows.map(String), columns: columns.map(String), grid, told, scale: makeScale(scale, grid) };
  }

  const short = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '–');

  function element(name, className, text = '') {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function legendParts({ grid, scale }) {
    const ramp = element('span', 'legend-ramp');
    ramp.style.background = `linear-gradient(to right, ${scale.stops.map((stop) => `rgb(${stop})`).join(', ')})`;
    const parts = [element('span', 'legend-low', short(scale.low)), ramp, element('span', 'legend-high', short(scale.high))];
    const missing = grid.some((row) => row.includes(null));
    return missing ? [...parts, element('span', 'legend-missing', 'no data')] : parts;
  }

  class Heatmap {
    constructor(container, data) {
      this.container = container;
      this.title = element('div', 'heatmap-title');
      this.canvas = element('canvas', 'heatmap-canvas');
      this.canvas.tabIndex = 0;
      this.canvas.setAttribute('role', 'img');
      this.legend = element('div', 'legend');
      this.status = element('div', 'heatmap-status');
      this.status.setAttribute('role', 'status');
      container.append(this.title, this.canvas, this.legend, this.status);
      this.active = null;
      this.listen();
      this.update(data);
    }

    listen() {
      this.stop = new AbortController();
      const { signal } = this.stop;
      this.canvas.addEventListener('pointermove', (event) => this.point(event), { signal });
      this.canvas.addEventListener('keydown', (event) => this.press(event), { signal });
      this.observer = new ResizeObserver(() => this.draw());
      this.observer.observe(this.container);
      this.watchRatio();
    }

    // A media query tells of leaving one ratio; the next one needs a query of its own.
    watchRatio() {
      const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
      const changed = () => {
        this.draw();
        this.watchRatio();
      };
      query.addEventListener('change', changed, { once: true, signal: this.stop.signal });
    }

    update(data) {
      this.data = readData(data);
      this.title.textContent = this.data.title;
      this.canvas.setAttribute('aria-label', this.data.title);
      this.legend.replaceChildren(...legendParts(this.data));
      const kept = this.active && this.active.r < this.data.rows.length && this.active.c < this.data.columns.length;
      this.activate(kept ? this.active : null);
    }

    activate(cell) {
      this.active = cell;
      this.status.textContent = cell ? this.describe(cell) : '';
      this.draw();
    }

    describe({ r, c }) {
      const { rows, columns, told } = this.data;
      return `${rows[r]}, ${columns[c]}: ${told[r][c] === null ? 'no data' : String(told[r][c])}`;
    }

    edges(cell) {
      const { width, height } = this.canvas;
      const at = (index, size, count) => Math.round((index * size) / count);
      const { rows, columns } = this.data;
      const left = at(cell.c, width, columns.length);
      const top = at(cell.r, height, rows.length);
      return [left, top, at(cell.c + 1, width, columns.length) - left, at(cell.r + 1, height, rows.length) - top];
    }

    fit() {
      const style = getComputedStyle(this.container);
      const width = this.container.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      const height = ROW_HEIGHT * this.data.rows.length;
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
      this.canvas.width = Math.round(width * devicePixelRatio);
      this.canvas.height = Math.round(height * devicePixelRatio);
    }

    draw() {
      this.fit();
      const context = this.canvas.getContext('2d');
      const { grid, scale } = this.data;
      grid.forEach((row, r) => row.forEach((value, c) => {
        context.fillStyle = scale.colour(value);
        context.fillRect(...this.edges({ r, c }));
      }));
      if (this.active) this.frame(context, this.edges(this.active));
    }

    frame(context, [left, top, width, height]) {
      const line = Math.round(FRAME * devicePixelRatio);
      context.fillStyle = '#000000';
      context.fillRect(left, top, width, line);
      context.fillRect(left, top + height - line, width, line);
      context.fillRect(left, top, line, height);
      context.fillRect(left + width - line, top, line, height);
    }

    point({ clientX, clientY }) {
      const box = this.canvas.getBoundingClientRect();
      const x = ((clientX - box.left) / box.width) * this.canvas.width;
      const y = ((clientY - box.top) / box.height) * this.canvas.height;
      const find = (count, inside) => Array.from({ length: count }, (_, index) => index).find(inside);
      const c = find(this.data.columns.length, (index) => {
        const [left, , width] = this.edges({ r: 0, c: index });
        return x >= left && x < left + width;
      });
      const r = find(this.data.rows.length, (index) => {
        const [, top, , height] = this.edges({ r: index, c: 0 });
        return y >= top && y < top + height;
      });
      if (r !== undefined && c !== undefined && !(this.active?.r === r && this.active.c === c)) this.activate({ r, c });
    }

    press(event) {
      const { rows, columns } = this.data;
      const [lastRow, lastColumn] = [rows.length - 1, columns.length - 1];
      const { r, c } = this.active ?? { r: 0, c: 0 };
      const all = event.ctrlKey;
      const targets = {
        ArrowLeft: { r, c: Math.max(c - 1, 0) },
        ArrowRight: { r, c: Math.min(c + 1, lastColumn) },
        ArrowUp: { r: Math.max(r - 1, 0), c },
        ArrowDown: { r: Math.min(r + 1, lastRow), c },
        Home: { r: all ? 0 : r, c: 0 },
        End: { r: all ? lastRow : r, c: lastColumn },
        Escape: null,
      };
      if (!Object.hasOwn(targets, event.key)) return;
      event.preventDefault();
      const started = this.active || event.key === 'Escape';
      this.activate(started ? targets[event.key] : { r: 0, c: 0 });
    }

    destroy() {
      this.stop.abort();
      this.observer.disconnect();
      this.container.replaceChildren();
    }
  }

  window.createHeatmap = (container, data) => new Heatmap(container, data);
})();
