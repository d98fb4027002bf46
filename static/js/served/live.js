// The live page: panels replaced as they change. A stream; after three failures polling; the stream again each minute,
// and at once when a server that did not answer is back.
(() => {
  const root = document.documentElement;
  const { stream, panels } = root.dataset;
  if (!stream) return;
  const FAILURES = 3;
  const POLL = 5000;
  const POLL_LOST = 2000;
  const RETRY = 60000;
  const STALE = 20000;
  const SAY = 10000;
  const STOPS = "a, button, input, select, summary, textarea";
  const FIELDS = "input, textarea";
  const WORDS = { live: "●", polling: "◐", offline: "○", stale: "!" };
  const badge = document.querySelector("[data-badge]");
  const announce = document.querySelector("[data-announce]");
  const shown = new Map();
  let source = null;
  let failures = 0;
  let polling = false;
  let lost = false;
  let poller = 0;
  let retrier = 0;
  let heard = Date.now();
  let changed = 0;
  let said = 0;

  const setBadge = (word) => {
    badge.className = `chip badge ${word}`;
    const since = changed ? `last change ${Math.round((Date.now() - changed) / 1000)} s ago` : "no change yet";
    badge.textContent = `${WORDS[word]} ${word}, ${since}`;
    badge.dataset.state = word;
  };

  const isTouched = (one) => one.value !== one.defaultValue || one.checked !== one.defaultChecked;

  // What the reader has open, has typed, has scrolled to or stands on survives the change under it.
  const replace = (element, html) => {
    const open = [...element.querySelectorAll("details")].map((one) => one.open);
    const scrolled = [...element.querySelectorAll(".scroll")].map((one) => [one.scrollLeft, one.scrollTop]);
    const stops = [...element.querySelectorAll(STOPS)];
    const focused = stops.indexOf(document.activeElement);
    const typed = [...element.querySelectorAll(FIELDS)].map((one) => (isTouched(one) ? one : null));
    const mode = element.querySelector("[data-matrix]")?.dataset.mode;
    element.innerHTML = html;
    element.querySelectorAll("details").forEach((one, index) => { one.open = open[index] ?? one.open; });
    element.querySelectorAll(FIELDS).forEach((one, index) => {
      const before = typed[index];
      if (before?.name === one.name) Object.assign(one, { value: before.value, checked: before.checked });
    });
    element.querySelectorAll(".scroll").forEach((one, index) => { one.scrollTo(...(scrolled[index] || [0, 0])); });
    document.dispatchEvent(new CustomEvent("benchgen:panel", { detail: element }));
    if (focused >= 0) element.querySelectorAll(STOPS)[focused]?.focus();
    if (mode && mode !== "all") element.querySelector(`[data-mode="${mode}"]`)?.click();
  };

  const update = (id, html) => {
    const element = document.querySelector(`[data-panel="${CSS.escape(id)}"]`);
    if (!element || shown.get(id) === html) return;
    if (shown.has(id)) changed = Date.now(); // the first one is what the page was opened with
    shown.set(id, html);
    replace(element, html);
    if (id === "current_job") progress(element);
  };

  const progress = (element) => {
    const bar = element.querySelector("svg.bar");
    if (bar) drawIcon(bar);
    if (Date.now() - said < SAY) return;
    said = Date.now();
    announce.textContent = element.querySelector(".figure")?.textContent.trim() || "";
  };

  const drawIcon = (bar) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 32;
    const pen = canvas.getContext("2d");
    pen.lineWidth = 7;
    const arc = (part, share) => {
      pen.strokeStyle = getComputedStyle(part).getPropertyValue(part.matches(".track") ? "stroke" : "fill");
      pen.beginPath();
      pen.arc(16, 16, 12, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * share);
      pen.stroke();
    };
    arc(bar.querySelector(".track"), 1);
    const fill = bar.querySelector(".fill");
    if (fill) arc(fill, parseFloat(fill.getAttribute("width")) / 100);
    document.querySelector("link[rel=icon]").href = canvas.toDataURL();
  };

  const take = (said) => {
    const { id, html, title } = said;
    if (id === "page") {
      if (title) document.title = `${title} · benchgen`;
      document.dispatchEvent(new CustomEvent("benchgen:page", { detail: said }));
    } else if (id === "log") document.dispatchEvent(new CustomEvent("benchgen:log", { detail: said }));
    else if (id) update(id, html);
  };
  const hear = (message) => {
    heard = Date.now();
    take(JSON.parse(message.data));
  };

  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource(stream);
    source.onopen = () => { failures = 0; heard = Date.now(); stopPolling(); setBadge("live"); };
    source.addEventListener("panel", hear);
    source.onerror = () => {
      failures += 1;
      if (failures < FAILURES && source.readyState !== EventSource.CLOSED) { setBadge("offline"); return; }
      close();
      startPolling();
    };
  };
  const close = () => { source?.close(); source = null; };

  const poll = async () => {
    try {
      const answer = await fetch(panels, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      heard = Date.now();
      const said = (await answer.json()).panels;
      (Array.isArray(said) ? said : Object.entries(said).map(([id, html]) => ({ id, html }))).forEach(take);
      found();
    } catch { lose(); }
    clearTimeout(poller);
    if (polling) poller = setTimeout(poll, lost ? POLL_LOST : POLL);
  };
  const found = () => {
    if (!polling) return;
    setBadge("polling");
    if (lost) { failures = 0; open(); }
    lost = false;
  };
  const lose = () => {
    if (!polling) return;
    lost = true;
    setBadge("offline");
  };
  const startPolling = () => {
    if (polling) return;
    polling = true;
    retrier = setInterval(() => { failures = 0; open(); }, RETRY);
    poll();
  };
  const stopPolling = () => { clearTimeout(poller); clearInterval(retrier); polling = lost = false; };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { close(); stopPolling(); } else { failures = 0; open(); }
  });
  addEventListener("pagehide", close);
  // The server gives a sign of life every few seconds: a stream without one has died unseen.
  setInterval(() => {
    const word = badge.dataset.state;
    if (word) setBadge(source && Date.now() - heard > STALE ? "stale" : word === "stale" ? "live" : word);
  }, 1000);
  const job = document.querySelector("[data-panel=current_job]");
  if (job) progress(job);
  open();
})();
