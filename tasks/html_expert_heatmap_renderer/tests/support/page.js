// One page, freshly loaded: real input events, and readings from an isolated world. Pages that ended well share one tab.
'use strict';

const KEYS = {
  Tab: [9, 'Tab'], Enter: [13, 'Enter', '\r'], Escape: [27, 'Escape'], Backspace: [8, 'Backspace'], Home: [36, 'Home'],
    End: [35, 'End'],
  ArrowLeft: [37, 'ArrowLeft'], ArrowUp: [38, 'ArrowUp'], ArrowRight: [39, 'ArrowRight'], ArrowDown: [40, 'ArrowDown'],
};
const CONTROL = 2;
const SHIFT = 8;

class Page {
  constructor(browser) {
    this.browser = browser;
    this.bindings = [];
    this.faults = [];
  }

  static async open(browser, url, { width = 800, height = 600, ratio = 1, script = '', binding = '' } = {}) {
    const page = new Page(browser);
    page.tab = browser.spareTab ?? (await page.newTab());
    browser.spareTab = null;
    browser.listeners.set(page.tab.session, (method, params) => page.hear(method, params));
    await page.mouse('mouseMoved', 0, 0);
    await page.resize(width, height, ratio);
    if (binding) await page.send('Runtime.addBinding', { name: binding });
    if (script) page.script = await page.send('Page.addScriptToEvaluateOnNewDocument', { source: script });
    page.tab.loads += 1;
    await page.load(`${url}?load=${page.tab.loads}`); // the same address would count as a reload, which restores fields
    return page;
  }

  async newTab() {
    const { browserContextId: context } = await this.browser.send('Target.createBrowserContext');
    const { targetId } = await this.browser.send('Target.createTarget', { url: 'about:blank', browserContextId: context });
    const { sessionId: session } = await this.browser.send('Target.attachToTarget', { targetId, flatten: true });
    this.tab = { context, session, loads: 0 };
    for (const domain of ['Page', 'Runtime', 'DOM', 'Accessibility']) await this.send(`${domain}.enable`);
    await this.send('Emulation.setFocusEmulationEnabled', { enabled: true });
    return this.tab;
  }

  send(method, params = {}) {
    return this.browser.send(method, params, this.tab.session);
  }

  hear(method, params) {
    if (method === 'Page.loadEventFired') this.loaded?.();
    if (method === 'Runtime.bindingCalled') this.bindings.push(params.payload);
    if (method === 'Page.javascriptDialogOpening') this.dismiss(params.type);
    if (method === 'Runtime.exceptionThrown') this.faults.push(params.exceptionDetails.exception?.description ?? 'an exception');
  }

  dismiss(type) {
    const answer = this.send('Page.handleJavaScriptDialog', { accept: type === 'beforeunload' });
    answer.catch(() => {}); // the tab may be gone by then
  }

  async load(url) {
    const loaded = new Promise((resolve) => { this.loaded = resolve; });
    const { frameId } = await this.send('Page.navigate', { url });
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('the page did not load within 5000 ms')), 5000);
    });
    await Promise.race([loaded, late]).finally(() => clearTimeout(timer));
    const { executionContextId } = await this.send('Page.createIsolatedWorld', { frameId, worldName: 'judge' });
    this.world = executionContextId;
    await this.settle();
  }

  async evaluate(where, code, args) {
    const expression = `(${code})(...${JSON.stringify(args)})`;
    const { result, exceptionDetails } = await this.send('Runtime.evaluate',
      { ...where, expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(`in the page: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    return result.value;
  }

  /** Runs a function in the isolated world: it sees the document, and none of the page's variables or patches. */
  read(code, ...args) {
    return this.evaluate({ contextId: this.world }, code, args);
  }

  /** Runs a function beside the page's own scripts. */
  call(code, ...args) {
    return this.evaluate({}, code, args);
  }

  /** Lets pending events, promises and a frame pass. */
  settle() {
    return this.read(() => new Promise((resolve) => {
      requestAnimationFrame(() => setTimeout(resolve));
    }));
  }

  resize(width, height, ratio = 1) {
    return this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: ratio, mobile: false });
  }

  async box(selector) {
    const box = await this.read((chosen) => {
      const element = document.querySelector(chosen);
      element?.scrollIntoView({ block: 'nearest' });
      const rect = element?.getBoundingClientRect();
      return rect ? { x: rect.x, y: rect.y, width: rect.width, height: rect.height } : null;
    }, selector);
    if (!box || box.width === 0) throw new Error(`nothing visible matches ${selector}`);
    return box;
  }

  async mouse(type, x, y, clickCount = 0) {
    const button = type === 'mouseMoved' ? 'none' : 'left';
    await this.send('Input.dispatchMouseEvent', { type, x, y, button, clickCount });
  }

  async click(selector, times = 1) {
    const { x, y, width, height } = await this.box(selector);
    for (let count = 1; count <= times; count += 1) {
      await this.mouse('mousePressed', x + width / 2, y + height / 2, count);
      await this.mouse('mouseReleased', x + width / 2, y + height / 2, count);
    }
  }

  /** Presses and releases a key; like every action here it does not wait for what the page does about it: see settle(). */
  async press(name, { control = false, shift = false, commands = [] } = {}) {
    const [windowsVirtualKeyCode, code, text] = KEYS[name];
    const modifiers = (control ? CONTROL : 0) + (shift ? SHIFT : 0);
    const key = { key: name, code, windowsVirtualKeyCode, modifiers };
    await this.send('Input.dispatchKeyEvent', { type: text ? 'keyDown' : 'rawKeyDown', text, commands, ...key });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
  }

  /** Types a text; the events are sent ahead and answered in their order. */
  async type(text) {
    const events = [...text].flatMap((key) => [{ type: 'keyDown', key, text: key }, { type: 'keyUp', key }]);
    await Promise.all(events.map((event) => this.send('Input.dispatchKeyEvent', event)));
  }

  /** What assistive technology is told about the element. */
  async accessible(selector) {
    const { root } = await this.send('DOM.getDocument', { depth: 0 });
    const { nodeId } = await this.send('DOM.querySelector', { nodeId: root.nodeId, selector });
    if (!nodeId) throw new Error(`nothing matches ${selector}`);
    const { nodes } = await this.send('Accessibility.getPartialAXTree', { nodeId, fetchRelatives: false });
    const [node] = nodes;
    const facts = Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.value]));
    const text = (part) => (part?.value ?? '').trim();
    return { role: text(node.role), name: text(node.name), description: text(node.description), facts };
  }

  /** Leaves the tab to the next page, or throws it away when anything went wrong. */
  async close(usable) {
    this.browser.listeners.delete(this.tab.session);
    if (usable) {
      await this.read(() => [localStorage, sessionStorage].forEach((storage) => storage.clear()));
      if (this.script) await this.send('Page.removeScriptToEvaluateOnNewDocument', this.script);
      this.browser.spareTab = this.tab;
    } else {
      await this.browser.send('Target.disposeBrowserContext', { browserContextId: this.tab.context });
    }
  }
}

module.exports = { Page };
