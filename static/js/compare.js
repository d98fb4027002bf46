// Choosing runs to compare: ticks in the list of runs, and the columns of ?ids=a,b on the page of comparisons.
(() => {
  const MOST = 4;
  const chosen = new Set();

  const offer = () => {
    const place = document.querySelector("[data-compare]");
    const table = document.querySelector("table[data-comparable]");
    if (!place || !table || new Set([...table.tBodies[0].rows].map((row) => row.dataset.run)).size < 2) return;
    const link = place.querySelector("a");
    const page = link.getAttribute("href");
    const update = () => {
      link.href = `${page}?ids=${[...chosen].map(encodeURIComponent).join(",")}`;
      link.hidden = chosen.size < 2;
      for (const box of table.querySelectorAll("input[type=checkbox]")) {
        box.checked = chosen.has(box.value);
        box.disabled = !box.checked && chosen.size >= MOST;
      }
    };
    for (const row of table.tBodies[0].rows) {
      const box = document.createElement("input");
      box.type = "checkbox";
      box.value = row.dataset.run;
      box.setAttribute("aria-label", `Compare ${row.dataset.run}`);
      box.addEventListener("change", () => {
        if (box.checked) chosen.add(box.value);
        else chosen.delete(box.value);
        update();
      });
      row.querySelector("th").prepend(box, " ");
    }
    place.hidden = false;
    update();
  };

  // A comparison that was built is gone to; else the columns of these runs are left, and the command that makes it.
  const pick = () => {
    const words = document.querySelector("[data-chosen]");
    const ids = (new URLSearchParams(location.search).get("ids") || "").split(",").filter(Boolean);
    if (!words || !ids.length) return;
    const same = (link) => [...ids].sort().join() === link.dataset.compared.split(",").sort().join();
    const built = [...document.querySelectorAll("[data-compared]")].find(same);
    if (built) {
      location.replace(built.href);
      return;
    }
    const tables = [...document.querySelectorAll("[data-matrix]")];
    const headings = tables.length ? [...tables[0].tHead.rows[0].cells] : [];
    const shown = headings.filter((heading) => ids.includes(heading.dataset.run));
    headings.forEach((heading, index) => {
      if (!shown.length || !heading.dataset.run || shown.includes(heading)) return;
      for (const row of tables.flatMap((table) => [...table.rows])) row.cells[index].hidden = true;
    });
    const command = document.createElement("code");
    command.textContent = `benchgen build --compare ${ids.join(",")}`;
    const seen = shown.length ? "Below are the columns of these runs." : "These runs have no column below.";
    words.replaceChildren(`${seen} Their comparison gets a page by `, command);
    words.hidden = false;
  };

  offer();
  pick();
})();
