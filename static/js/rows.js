// Tables of rows or attempts: found over all their pages, and the models that stand side by side.
(() => {
  const AT_ONCE = 6;
  const MOST_SHOWN = 200;
  const AROUND = 40;

  // What a page's script has pushed, as one searchable list; it comes in whatever order.
  const pages = new Map();
  const take = (data) => {
    pages.set(data.page, { ...data, low: data.texts.map((text, at) => `${data.ids[at]}\n${text}`.toLowerCase()) });
  };

  const load = (address) => new Promise((done) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = script.onerror = () => { script.remove(); done(); };
    document.head.append(script);
  });

  const makeFinder = (controls) => {
    const { find, findPage, findFirst } = controls.dataset;
    const count = Number(controls.dataset.findPages);
    const query = controls.querySelector("[data-find-query]");
    const said = controls.querySelector("[data-find-count]");
    const list = document.querySelector("[data-found]");
    const line = document.querySelector("[data-found-line]").content;
    const addressOf = (number) => find.replace(/-2\.js$/, `-${number}.js`);
    const pageOf = (number) => (number === 1 ? findFirst : findPage.replace(/-2\.html$/, `-${number}.html`));
    let next = 1;
    let started = false;

    const entry = (page, at, word) => {
      const item = line.cloneNode(true);
      const [link, text] = [item.querySelector("a"), item.querySelector("span")];
      const start = Math.max(0, page.texts[at].toLowerCase().indexOf(word) - AROUND);
      link.href = `${pageOf(page.page)}?row=${encodeURIComponent(page.ids[at])}`;
      link.textContent = page.ids[at];
      text.textContent = `${start ? "…" : ""}${page.texts[at].slice(start, start + 4 * AROUND)}`;
      return item;
    };

    const show = () => {
      const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
      let hits = 0;
      let cut = 0;
      const shown = [];
      for (const page of words.length ? [...pages.values()].sort((a, b) => a.page - b.page) : []) {
        cut += page.cut;
        page.low.forEach((text, at) => {
          if (!words.every((word) => text.includes(word))) return;
          hits += 1;
          if (shown.length < MOST_SHOWN) shown.push(entry(page, at, words[0]));
        });
      }
      list.replaceChildren(...shown);
      list.hidden = !words.length;
      const reading = started && pages.size < count ? ` · reading page ${pages.size} of ${count}` : "";
      const more = hits > shown.length ? `, the first ${shown.length} shown` : "";
      const short = cut ? ` · ${cut} very long rows are searched in their first part` : "";
      said.textContent = words.length ? `${hits} found${more}${reading}${short}` : reading.slice(3);
    };

    const lane = async () => {
      while (next <= count) {
        const number = next;
        next += 1;
        await load(addressOf(number));
        if (number % 10 === 0 || pages.size === count) show();
      }
    };
    const start = () => {
      if (started) return;
      started = true;
      const early = window.benchgenRows || [];
      early.forEach(take);
      window.benchgenRows = { push: take };
      Promise.all(Array.from({ length: AT_ONCE }, lane)).then(show);
      show();
    };
    query.addEventListener("focus", start);
    query.addEventListener("input", () => { start(); show(); });
    query.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    controls.hidden = false;
  };

  // Where a link of the list leads: rows are known by their ids, names of anchors are made elsewhere.
  const goToRow = () => {
    const wanted = new URLSearchParams(location.search).get("row");
    if (!wanted) return;
    const heading = [...document.querySelectorAll("[data-rows] th[scope=row]")].find((one) => one.dataset.id === wanted);
    if (heading) location.replace(`#${heading.parentElement.id}`);
  };

  const compareColumns = (table, chosen) => {
    for (const cell of table.querySelectorAll("[data-column]")) cell.hidden = !chosen.has(cell.dataset.column);
    for (const row of table.tBodies[0].rows) {
      const said = [...row.cells].filter((cell) => "said" in cell.dataset && chosen.has(cell.dataset.column));
      const differs = new Set(said.map((cell) => cell.dataset.said)).size > 1;
      row.querySelector("[data-differ]").hidden = !differs;
      row.dataset.differs = differs ? "differ" : "agree";
    }
  };
  const makeColumns = (controls) => {
    const table = document.querySelector("[data-rows]");
    const boxes = [...controls.querySelectorAll("input")];
    controls.addEventListener("change", () => {
      compareColumns(table, new Set(boxes.filter((box) => box.checked).map((box) => box.value)));
    });
    controls.hidden = false;
  };

  document.querySelectorAll("[data-find-pages]").forEach(makeFinder);
  document.querySelectorAll("[data-columns]").forEach(makeColumns);
  goToRow();
})();
