// The jump box: everything that has a name, one list away. The list is a script of its own, asked for when it is opened.
(() => {
  const MOST = 14;
  const root = document.documentElement;
  const { places: address } = root.dataset;
  if (!address) return;
  const base = (root.dataset.root || "").replace(/index\.html$/, "");
  let places = null;
  let whenTheyCome = () => {};

  const own = () => [...document.querySelectorAll(".masthead nav a")].map((link) => ["page", link.textContent, link.getAttribute("href"), ""]);
  addEventListener("benchgen:places", (event) => {
    places = [...own(), ...event.detail.map(([kind, name, path, also]) => [kind, name, base + path, also])];
    whenTheyCome();
  }, { once: true });
  const load = () => {
    if (places || document.querySelector("[data-places-script]")) return;
    const script = document.createElement("script");
    script.src = address;
    script.dataset.placesScript = "";
    document.head.append(script);
  };

  // A name that begins with the words comes before one that holds them.
  const found = (query) => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const score = ([kind, name, , also]) => {
      const low = name.toLowerCase();
      const all = `${low} ${also.toLowerCase()} ${kind}`;
      if (!words.every((word) => all.includes(word))) return -1;
      return words.length && low.startsWith(words[0]) ? 2 : words.every((word) => low.includes(word)) ? 1 : 0;
    };
    return (places || own()).map((place, order) => ({ place, order, score: score(place) }))
      .filter((one) => one.score >= 0)
      .sort((a, b) => b.score - a.score || a.order - b.order)
      .map((one) => one.place);
  };

  const line = ([kind, name, path]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const word = document.createElement("span");
    link.href = path;
    link.textContent = name;
    word.className = "muted";
    word.textContent = kind;
    item.append(link, word);
    return item;
  };
  const make = () => {
    const dialog = document.createElement("dialog");
    dialog.className = "jump-box";
    dialog.setAttribute("aria-label", "Jump to a page");
    const field = document.createElement("input");
    field.type = "search";
    field.placeholder = "a run, model, task or page";
    field.setAttribute("aria-label", "Jump to");
    const list = document.createElement("ul");
    const said = document.createElement("p");
    said.className = "small muted";
    said.setAttribute("role", "status");
    dialog.append(field, list, said);
    const show = () => {
      const all = found(field.value);
      list.replaceChildren(...all.slice(0, MOST).map(line));
      said.textContent = all.length > MOST ? `${all.length - MOST} more` : all.length ? "" : "nothing has this name";
    };
    field.addEventListener("input", show);
    dialog.addEventListener("keydown", (event) => {
      const links = [...list.querySelectorAll("a")];
      const at = links.indexOf(document.activeElement);
      if (event.key === "Enter" && at < 0 && links[0]) links[0].click();
      else if (event.key === "ArrowDown") (links[at + 1] || links[at])?.focus();
      else if (event.key === "ArrowUp") (at > 0 ? links[at - 1] : field).focus();
      else return;
      event.preventDefault();
      if (event.key === "Enter" && at >= 0) links[at].click();
    });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => dialog.remove());
    whenTheyCome = show;
    return { dialog, show };
  };
  const open = () => {
    if (document.querySelector("dialog[open]")) return;
    load();
    const { dialog, show } = make();
    document.body.append(dialog);
    dialog.showModal();
    show();
  };

  for (const button of document.querySelectorAll("[data-jump]")) {
    button.hidden = false;
    button.addEventListener("click", open);
  }
  addEventListener("keydown", (event) => {
    const isChord = (event.ctrlKey || event.metaKey) && event.key === "k";
    const isTyping = event.target.closest("input, select, textarea");
    if (!isChord && (event.key !== "j" || isTyping || event.ctrlKey || event.metaKey || event.altKey)) return;
    event.preventDefault();
    open();
  });
})();
