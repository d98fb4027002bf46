// Marks of charts can be pointed at and reached by keyboard: one stop a chart, arrow keys from mark to mark.
(() => {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");

  const marksOf = (chart) => [...chart.querySelectorAll("[data-spot]")];
  // A mark that is its own tooltip would show it twice.
  const dress = (mark, index) => {
    const title = mark.querySelector("title");
    if (!title) return;
    mark.setAttribute("aria-label", title.textContent);
    if (mark.localName !== "a") mark.setAttribute("role", "img");
    mark.setAttribute("tabindex", index ? "-1" : "0");
    title.remove();
  };

  const show = (mark) => {
    marksOf(mark.closest("[data-chart]")).forEach(dress);
    if (!tip.isConnected) document.body.append(tip);
    tip.textContent = mark.getAttribute("aria-label");
    tip.hidden = false;
    const place = (mark.querySelector("circle") || mark).getBoundingClientRect();
    const left = Math.min(Math.max(8, place.left + place.width / 2 - tip.offsetWidth / 2), innerWidth - tip.offsetWidth - 8);
    const above = place.top - tip.offsetHeight - 6;
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${(above < 0 ? place.bottom + 6 : above) + scrollY}px`;
  };
  const hide = () => { tip.hidden = true; };

  // At first only what the Tab key stops at: most of the marks of a page are never pointed at.
  const prepare = (part) => {
    for (const chart of part.querySelectorAll("[data-chart]")) {
      marksOf(chart).filter((mark, index) => !index || mark.localName === "a").forEach(dress);
    }
  };

  const markOf = (event) => (event.target.closest ? event.target.closest("[data-chart] [data-spot]") : null);
  const point = (event) => {
    const mark = markOf(event);
    if (mark) show(mark);
    else hide();
  };
  const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };

  document.addEventListener("pointerover", point);
  document.addEventListener("focusin", point);
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    const mark = markOf(event);
    if (!mark || !(event.key in STEPS) || event.ctrlKey || event.metaKey || event.altKey) return;
    const marks = marksOf(mark.closest("[data-chart]"));
    const next = marks[Math.min(marks.length - 1, Math.max(0, marks.indexOf(mark) + STEPS[event.key]))];
    event.preventDefault();
    event.stopPropagation();
    mark.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
  addEventListener("scroll", hide, { passive: true });
  document.addEventListener("benchgen:panel", (event) => prepare(event.detail));
  prepare(document);
})();
