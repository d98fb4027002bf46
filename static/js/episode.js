// An episode is led through step by step: arrow keys, one step at a time, log lines by level. All of it is on the page.
(() => {
  let at = 0;
  let isSingle = false;
  let level = "";
  const here = () => document.querySelector("[data-episode]");
  const steps = () => [...document.querySelectorAll("[data-episode] [data-step]")];

  const show = () => {
    const all = steps();
    at = Math.max(0, Math.min(at, all.length - 1));
    all.forEach((step, index) => {
      step.hidden = isSingle && index !== at;
      step.toggleAttribute("data-current", index === at);
    });
    const place = here()?.querySelector("[data-place]");
    if (place) place.textContent = all.length ? `${at + 1} of ${all.length}` : "";
  };
  const move = (by) => {
    at += by;
    show();
    const step = steps()[at];
    step?.focus({ preventScroll: true });
    step?.scrollIntoView({ block: "nearest" });
  };
  const filter = () => {
    for (const line of document.querySelectorAll("[data-episode] [data-level]")) {
      line.hidden = level !== "" && line.dataset.level !== level;
    }
  };
  // What a live page puts in place of the episode takes on what the reader chose; who was at the end stays there.
  const dress = (wasLast) => {
    const episode = here();
    if (!episode) return;
    episode.querySelectorAll("[data-replay], [data-levels]").forEach((one) => { one.hidden = false; });
    episode.querySelector("[data-single]").checked = isSingle;
    const select = episode.querySelector("[data-level-filter]");
    if (select) select.value = level;
    if (wasLast) at = steps().length - 1;
    show();
    filter();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-episode] [data-move]");
    if (button) move(Number(button.dataset.move));
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-single]")) { isSingle = event.target.checked; show(); }
    if (event.target.matches("[data-level-filter]")) { level = event.target.value; filter(); }
  });
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return;
    if (event.target.closest("input, select, textarea, pre, .scroll") || !steps().length) return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    move(by);
  });
  let before = steps().length;
  document.addEventListener("benchgen:panel", () => {
    const wasLast = at >= before - 1;
    before = steps().length;
    dress(wasLast);
  });
  const named = steps().findIndex((step) => `#${step.id}` === location.hash);
  if (named >= 0) at = named;
  dress(false);
})();
