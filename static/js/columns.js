// Which columns of a table are shown, kept in the address: ?hide=cost,tokens-s
(() => {
  const FEWEST = 7;
  const hidden = new Set((new URLSearchParams(location.search).get("hide") || "").split(",").filter(Boolean));
  const nameOf = (heading) => heading.textContent.trim().toLowerCase().replace(/[^a-z0-9@Δ]+/g, "-");
  const keep = () => {
    const now = new URLSearchParams(location.search);
    now.delete("hide");
    if (hidden.size) now.set("hide", [...hidden].join(","));
    const query = now.toString();
    history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
  };
  const headings = (table) => [...table.tHead.rows[0].cells];
  const apply = (table) => {
    headings(table).forEach((heading, index) => {
      const isHidden = hidden.has(nameOf(heading));
      for (const row of table.rows) if (row.cells[index]) row.cells[index].hidden = isHidden;
    });
  };

  const box = (heading) => {
    const label = document.createElement("label");
    const tick = document.createElement("input");
    const name = nameOf(heading);
    tick.type = "checkbox";
    tick.dataset.column = name;
    tick.checked = !hidden.has(name);
    tick.addEventListener("change", () => {
      if (tick.checked) hidden.delete(name);
      else hidden.add(name);
      keep();
      document.querySelectorAll("table[data-name]").forEach(apply);
      for (const other of document.querySelectorAll("[data-column]")) other.checked = !hidden.has(other.dataset.column);
    });
    label.append(tick, heading.textContent.trim());
    return label;
  };
  const offer = (table) => {
    const chosen = headings(table).filter((heading) => heading.scope === "col" && nameOf(heading) && heading.cellIndex > 0);
    if (chosen.length < FEWEST) return;
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    const list = document.createElement("div");
    details.className = "columns small";
    summary.textContent = "Columns";
    details.append(summary, list);
    details.addEventListener("toggle", () => list.append(...chosen.map(box)), { once: true });
    const controls = document.querySelector(`[data-filter="${CSS.escape(table.dataset.name)}"]`);
    if (controls && !controls.hidden) controls.append(details);
    else {
      const foot = table.closest(".panel")?.querySelector(".foot");
      if (foot) foot.prepend(details);
      else (table.closest(".scroll") || table).after(details);
    }
  };
  const prepare = (part) => {
    for (const table of part.querySelectorAll("table[data-sortable][data-name]")) {
      offer(table);
      if (hidden.size) apply(table);
    }
  };
  prepare(document);
  document.addEventListener("benchgen:panel", (event) => prepare(event.detail));
})();
