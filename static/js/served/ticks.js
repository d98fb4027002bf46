// Time that passes: elapsed, time to go and "ago", from instants in the page, once a second.
(() => {
  const UNITS = [[86400, "d", 3600, "h"], [3600, "h", 60, "min"], [60, "min", 1, "s"]];
  const spell = (seconds) => {
    const whole = Math.max(0, Math.round(seconds));
    for (const [large, name, small, rest] of UNITS) {
      if (whole >= large) {
        const left = Math.floor((whole % large) / small);
        return `${Math.floor(whole / large)} ${name}${left ? ` ${left} ${rest}` : ""}`;
      }
    }
    return `${whole} s`;
  };
  const isLive = Boolean(document.documentElement.dataset.stream);
  const set = (element, text) => { if (element.textContent !== text) element.textContent = text; };
  const tick = () => {
    const now = Date.now();
    const away = (text) => (Date.parse(text) - now) / 1000;
    for (const one of document.querySelectorAll("[data-since]")) set(one, spell(-away(one.dataset.since)));
    for (const one of document.querySelectorAll("[data-until]")) set(one, spell(away(one.dataset.until)));
    for (const one of document.querySelectorAll("[data-ago]")) set(one, `${spell(-away(one.dataset.ago))} ago`);
  };
  // A page on a static host shows a run as it was when the page was made: its clocks stand still.
  if (!isLive) return;
  tick();
  setInterval(tick, 1000);
  document.addEventListener("benchgen:panel", tick);
})();
