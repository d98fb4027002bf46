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
      row.cells[0].prepend(box, " ");
    }
    place.hidden = false;
    update();
  };

  const pick = () => {
    const words = document.querySelector("[data-chosen]");
    const ids = (new URLSearchParams(location.search).get("ids") || "").split(",").filter(Boolean);
    const table = document.querySelector("[data-matrix]");
    if (!words || !table || !ids.length) return;
    [...table.tHead.rows[0].cells].forEach((heading, index) => {
      if (!heading.dataset.run || ids.includes(heading.dataset.run)) return;
      for (const row of table.rows) row.cells[index].hidden = true;
    });
    words.textContent = `Only ${ids.join(", ")}. Their paired test: benchgen compare ${ids.join(" ")}`;
    words.hidden = false;
  };

  offer();
  pick();
})();
