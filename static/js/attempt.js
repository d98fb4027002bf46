// Arrow keys lead to the attempts before and after, f to the next that did not pass.
(() => {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    // Left and right scroll a region that has the focus.
    if (event.target.closest("input, select, textarea, pre, .scroll")) return;
    const way = { ArrowLeft: "a[rel=prev]", ArrowRight: "a[rel=next]", f: "a[data-next-failure]" }[event.key];
    const link = way && [...document.querySelectorAll(way)].find((one) => one.offsetParent);
    if (link) link.click();
  });
  const opened = () => {
    const part = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (part && part.tagName === "DETAILS") part.open = true;
  };
  addEventListener("hashchange", opened);
  opened();
})();
