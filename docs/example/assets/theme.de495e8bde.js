// The theme: set before the first paint, remembered on this device, chosen in the head of the page.
(() => {
  const KEY = "benchgen-theme";
  const root = document.documentElement;

  const remembered = () => {
    try { return localStorage.getItem(KEY) || "auto"; } catch { return "auto"; }
  };
  const remember = (theme) => {
    // From disk some browsers keep nothing: the choice then holds for this page.
    try { localStorage.setItem(KEY, theme); } catch { return; }
  };
  const apply = (theme) => {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
  };

  apply(remembered());
  document.addEventListener("DOMContentLoaded", () => {
    for (const label of document.querySelectorAll("[data-theme-switch]")) {
      const select = label.querySelector("select");
      select.value = remembered();
      select.addEventListener("change", () => { remember(select.value); apply(select.value); });
      label.hidden = false;
    }
  });
})();
