// Keys of every page; `?` shows them.
(() => {
  const KEYS = [
    ["?", "this list"],
    ["j", "jump to any run, model, task or page (also Ctrl K)"],
    ["/", "filter the table"],
    ["g l · g t · g d", "leaderboard, tasks, datasets"],
    ["g r · g c", "runs, compare"],
    ["g v · g m · g n", "live, methods, new run"],
    ["← →", "previous and next attempt; from mark to mark of a chart"],
    ["f", "from a failed attempt to the next"],
    ["Esc", "close"],
  ];
  let isGoing = false;
  for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;

  const dialog = () => {
    const made = document.createElement("dialog");
    const head = document.createElement("h2");
    head.textContent = "Keys";
    const list = document.createElement("dl");
    for (const [keys, meaning] of KEYS) {
      const [term, words, key] = ["dt", "dd", "kbd"].map((name) => document.createElement(name));
      key.textContent = keys;
      term.append(key);
      words.textContent = meaning;
      list.append(term, words);
    }
    const form = document.createElement("button");
    form.textContent = "Close";
    form.addEventListener("click", () => made.close());
    made.append(head, list, form);
    made.addEventListener("close", () => made.remove());
    return made;
  };
  const help = () => {
    if (document.querySelector("dialog[open]")) return;
    const shown = dialog();
    document.body.append(shown);
    shown.showModal();
  };
  const go = (key) => {
    const link = document.querySelector(`.masthead nav a[data-key="${CSS.escape(key)}"]`);
    if (link) link.click();
    return Boolean(link);
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    const wasGoing = isGoing;
    isGoing = event.key === "g";
    if (wasGoing && go(event.key)) return;
    if (event.key === "?") help();
    else if (event.key === "/") {
      const field = document.querySelector(":is([data-filter], [data-find-pages]):not([hidden]) [data-query]");
      if (!field) return;
      event.preventDefault();
      field.focus();
    }
  });
})();
