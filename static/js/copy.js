// Copying: a command, a table as Markdown, a table as a CSV file.
(() => {
  const cellsOf = (row) => [...row.cells].filter((cell) => !cell.classList.contains("wide"))
    .map((cell) => cell.innerText.replace(/\s+/g, " ").replace(/[▲▼]/g, "").trim());
  const rowsOf = (table) => [...table.rows].filter((row) => !row.hidden).map(cellsOf);

  const markdown = (table) => {
    const [head, ...rows] = rowsOf(table).map((cells) => `| ${cells.map((text) => text.replace(/\|/g, "\\|")).join(" | ")} |`);
    const rule = `|${[...table.rows[0].cells].filter((cell) => !cell.classList.contains("wide"))
      .map((cell) => (cell.classList.contains("n") ? " ---: " : " --- ")).join("|")}|`;
    return [head, rule, ...rows].join("\n");
  };

  // A spreadsheet runs a cell that starts like a formula.
  const csvCell = (text) => `"${(/^[=+\-@\t]/.test(text) ? `'${text}` : text).replace(/"/g, '""')}"`;
  const csv = (table) => `${rowsOf(table).map((cells) => cells.map(csvCell).join(",")).join("\r\n")}\r\n`;

  // Pages from disk have no clipboard API in some browsers: select the text and copy it the old way.
  const copyOld = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    return isCopied;
  };
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { return copyOld(text); }
  };
  const say = (button, text) => {
    const before = button.dataset.label || button.textContent;
    button.dataset.label = before;
    button.textContent = text;
    setTimeout(() => { button.textContent = before; }, 1500);
  };
  const table = (name) => document.querySelector(`table[data-name="${name}"]`);

  const onCopy = (selector, textOf) => {
    for (const button of document.querySelectorAll(selector)) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        say(button, await copy(textOf(button)) ? "Copied" : "Could not copy");
      });
    }
  };
  onCopy("[data-copy]", (button) => document.getElementById(button.dataset.copy).textContent);
  onCopy("[data-copy-table]", (button) => markdown(table(button.dataset.copyTable)));

  for (const button of document.querySelectorAll("[data-csv]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([csv(table(button.dataset.csv))], { type: "text/csv" }));
      link.download = `${button.dataset.csv}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }
})();
