// Rows of the matrix: all, those with a failure, those on which models differ. Works on panels that come later, too.
(() => {
  const prepare = () => {
    for (const modes of document.querySelectorAll("[data-matrix-modes][hidden]")) {
      modes.hidden = false;
      show(modes, new URLSearchParams(location.search).get("rows") || "all");
    }
  };
  const show = (modes, mode) => {
    for (const table of modes.parentElement.querySelectorAll("[data-matrix]")) table.dataset.mode = mode;
    const more = modes.parentElement.querySelector("[data-matrix-more]");
    if (more && mode !== "all") more.open = true;
    for (const button of modes.querySelectorAll("[data-mode]")) {
      button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-matrix-modes] [data-mode]");
    if (!button) return;
    show(button.closest("[data-matrix-modes]"), button.dataset.mode);
    const params = new URLSearchParams(location.search);
    if (button.dataset.mode === "all") params.delete("rows");
    else params.set("rows", button.dataset.mode);
    const query = params.toString();
    history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
  });
  document.addEventListener("benchgen:panel", prepare);
  prepare();
})();
