// Tables that sort and filter, with their state in the address: ?sort=-cost&q=…&status=failed
(() => {
  const FEWEST = 8;
  // Read anew each time: other scripts keep their state in the address, too.
  const params = () => new URLSearchParams(location.search);
  const keep = (name, value) => {
    const now = params();
    if (value) now.set(name, value);
    else now.delete(name);
    const query = now.toString();
    history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
  };
  const nameOf = (heading) => heading.textContent.trim().toLowerCase().replace(/[^a-z0-9@Δ]+/g, "-");

  const valueOf = (row, index) => {
    const cell = row.cells[index];
    const text = "value" in cell.dataset ? cell.dataset.value : cell.textContent.trim();
    const number = text === "" || text === "–" ? NaN : Number(text.replace(/,/g, "").split("/")[0]);
    return { text, number, isEmpty: text === "" || text === "–" };
  };
  const DIFFICULTIES = ["easy", "medium", "hard", "expert"];
  const byWord = (a, b) => DIFFICULTIES.indexOf(a) - DIFFICULTIES.indexOf(b)
    || a.localeCompare(b, "en", { numeric: true });
  const compare = (a, b) => (Number.isNaN(a.number) || Number.isNaN(b.number)
    ? byWord(a.text, b.text) : a.number - b.number);

  // Of a table that goes on on other pages only a part is here: who knows all of it is told that its order or filter changed.
  const goesOn = (table) => "index" in table.dataset;
  const tell = (table) => table.dispatchEvent(new CustomEvent("benchgen:wanted", { bubbles: true }));

  // Rows without a value stay last in either direction: unknown is neither little nor much.
  const sort = (table, index, isDown) => {
    for (const heading of table.tHead.rows[0].cells) heading.removeAttribute("aria-sort");
    table.tHead.rows[0].cells[index].setAttribute("aria-sort", isDown ? "descending" : "ascending");
    if (goesOn(table)) {
      tell(table);
      return;
    }
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row, order) => ({ row, order, value: valueOf(row, index) }));
    rows.sort((a, b) => a.value.isEmpty - b.value.isEmpty
      || (isDown ? -1 : 1) * compare(a.value, b.value) || a.order - b.order);
    body.append(...rows.map(({ row }) => row));
  };

  // The first table of a page that has a name takes the plain word in the address; the others say whose order it is.
  const keyOf = (table) => {
    const tables = [...document.querySelectorAll("table[data-sortable]")];
    const main = tables.find((one) => one.dataset.name) || tables[0];
    return table === main ? "sort" : `sort.${table.dataset.name || tables.indexOf(table)}`;
  };

  const makeSortable = (table) => {
    const key = keyOf(table);
    const wanted = params().get(key) || "";
    [...table.tHead.rows[0].cells].forEach((heading, index) => {
      const name = nameOf(heading);
      if (!name || "unsorted" in heading.dataset) return;
      const button = document.createElement("button");
      button.className = "sort";
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const now = heading.getAttribute("aria-sort");
        const isDown = now ? now === "ascending" : heading.classList.contains("n");
        sort(table, index, isDown);
        keep(key, `${isDown ? "-" : ""}${name}`);
      });
      if (wanted.replace(/^-/, "") === name) sort(table, index, wanted.startsWith("-"));
    });
  };

  // A row may have several values of a facet, one a line.
  const valuesOf = (row, facet) => (row.dataset[facet] || "").split("\n").filter(Boolean);

  const fill = (select, rows) => {
    const facet = select.dataset.facet;
    const given = [...select.options].map((option) => option.value).filter(Boolean);
    const found = given.length ? given : [...new Set(rows.flatMap((row) => valuesOf(row, facet)))].sort(byWord);
    if (!given.length) select.append(...found.map((value) => new Option(value, value)));
    select.closest("label").hidden = found.length < 2;
    const wanted = params().get(facet);
    if (found.includes(wanted)) select.value = wanted;
  };

  const makeFilterable = (controls) => {
    const table = document.querySelector(`table[data-name="${controls.dataset.filter}"]`);
    if (!table || table.tBodies[0].rows.length < FEWEST) return;
    const rows = goesOn(table) ? [] : [...table.tBodies[0].rows];
    const texts = new Map();
    const textOf = (row) => texts.get(row) || texts.set(row, row.textContent.toLowerCase()).get(row);
    const query = controls.querySelector("[data-query]");
    const selects = [...controls.querySelectorAll("[data-facet]")];
    const count = controls.querySelector("[data-count]");
    const show = () => {
      if (goesOn(table)) {
        tell(table);
        return;
      }
      const words = (query?.value || "").toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const fits = words.every((word) => textOf(row).includes(word))
          && selects.every((select) => !select.value || valuesOf(row, select.dataset.facet).includes(select.value));
        row.hidden = !fits;
        shown += fits;
      }
      count.textContent = shown === rows.length ? "" : `${shown} of ${rows.length}`;
    };
    selects.forEach((select) => {
      fill(select, rows);
      select.addEventListener("change", () => { keep(select.dataset.facet, select.value); show(); });
    });
    if (query) {
      query.value = params().get("q") || "";
      query.addEventListener("input", () => { keep("q", query.value); show(); });
    }
    controls.hidden = false;
    show();
  };

  // A region that does not scroll needs no stop on the way of the Tab key. It is measured when the browser has laid it
  // out, whenever its size or that of what it holds changes: to ask earlier would lay out the whole page once more.
  const sizes = new ResizeObserver((entries) => {
    const regions = [...new Set(entries.map((entry) => entry.target.closest(".scroll")).filter(Boolean))];
    const scroll = regions.map((one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight);
    regions.forEach((region, at) => { region.tabIndex = scroll[at] ? 0 : -1; });
  });
  const measure = (region) => [region, ...region.children].forEach((one) => sizes.observe(one));

  const prepare = (part) => {
    part.querySelectorAll("table[data-sortable]").forEach(makeSortable);
    part.querySelectorAll("[data-filter]").forEach(makeFilterable);
    part.querySelectorAll(".scroll").forEach(measure);
  };
  prepare(document);
  document.addEventListener("benchgen:panel", (event) => prepare(event.detail));
})();
