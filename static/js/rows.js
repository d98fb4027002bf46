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
    const query = controls.querySelector("[data-query]");
    const selects = [...controls.querySelectorAll("[data-facet]")];
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
      const chosen = selects.filter((one) => one.value).map((one) => [one.dataset.facet, one.value]);
      const isAsked = words.length || chosen.length;
      let hits = 0;
      let cut = 0;
      const shown = [];
      for (const page of isAsked ? [...pages.values()].sort((a, b) => a.page - b.page) : []) {
        if (words.length) cut += page.cut;
        page.low.forEach((text, at) => {
          if (!words.every((word) => text.includes(word))) return;
          if (!chosen.every(([facet, value]) => page[facet][at].includes(value))) return;
          hits += 1;
          if (shown.length < MOST_SHOWN) shown.push(entry(page, at, words[0] || ""));
        });
      }
      list.replaceChildren(...shown);
      list.hidden = !isAsked;
      const reading = started && pages.size < count ? ` · reading page ${pages.size} of ${count}` : "";
      const more = hits > shown.length ? `, the first ${shown.length} shown` : "";
      const short = cut ? ` · ${cut} very long rows are searched in their first part` : "";
      said.textContent = isAsked ? `${hits} found${more}${reading}${short}` : reading.slice(3);
    };

    // Which domains there are is known once the pages are read.
    const offer = (page) => {
      const select = selects.find((one) => one.dataset.facet === "domain");
      const known = new Set([...select.options].map((one) => one.value));
      const found = [...new Set(page?.domain.flat())].filter((value) => !known.has(value));
      select.append(...found.sort().map((value) => new Option(value, value)));
      select.closest("label").hidden = select.options.length < 3;
    };
    const lane = async () => {
      while (next <= count) {
        const number = next;
        next += 1;
        await load(addressOf(number));
        offer(pages.get(number));
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
    const keep = () => {
      const now = new URLSearchParams(location.search);
      now.delete("row");
      for (const [name, value] of [["q", query.value], ...selects.map((one) => [one.dataset.facet, one.value])]) {
        if (value) now.set(name, value);
        else now.delete(name);
      }
      history.replaceState(null, "", `${location.pathname}${now.size ? `?${now}` : ""}${location.hash}`);
    };
    const choose = () => { keep(); start(); show(); };
    const restore = () => {
      const now = new URLSearchParams(location.search);
      query.value = now.get("q") || "";
      for (const one of selects) {
        const wanted = now.get(one.dataset.facet) || "";
        if (one.dataset.facet === "domain" && wanted) one.append(new Option(wanted, wanted));
        one.value = wanted;
      }
      if (query.value || selects.some((one) => one.value)) start();
    };
    query.addEventListener("focus", start);
    query.addEventListener("input", choose);
    for (const one of selects) one.addEventListener("change", choose);
    query.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    controls.hidden = false;
    restore();
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
