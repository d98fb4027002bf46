// Keys of every page; `?` shows them.
(() => {
  const KEYS = [
    ["?", "this list"],
    ["/", "filter the table"],
    ["g l · g t · g r", "leaderboard, tasks, runs"],
    ["g c · g v · g m", "compare, live, methods"],
    ["← →", "previous and next attempt"],
    ["Esc", "close"],
  ];
  const PLACES = { l: 0, t: 1, r: 2, c: 3, v: 4, m: 5 };
  let isGoing = false;

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
    const link = document.querySelectorAll(".masthead nav a")[PLACES[key]];
    if (link) link.click();
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    const wasGoing = isGoing;
    isGoing = event.key === "g";
    if (wasGoing && event.key in PLACES) go(event.key);
    else if (event.key === "?") help();
    else if (event.key === "/") {
      const field = document.querySelector("[data-filter]:not([hidden]) [data-query]");
      if (!field) return;
      event.preventDefault();
      field.focus();
    }
  });
})();
