// Copying: a command, the page's link, a table as Markdown, a table as a CSV file.
(() => {
  // A long name is shown cut, with the whole in its title, and a time folds on a narrow screen: what is copied has them whole.
  const wholeText = (cell) => [...cell.querySelectorAll("[title], time")]
    .filter((part) => part.matches("time") || part.textContent.includes("…"))
    .reduce((text, part) => text.replace(part.innerText, () => part.title || part.textContent), cell.innerText);
  const cellsOf = (row) => [...row.cells].filter((cell) => !cell.hidden && !cell.classList.contains("wide"))
    .map((cell) => wholeText(cell).replace(/\s+/g, " ").replace(/[▲▼]/g, "").trim());
  const rowsOf = (table) => [...table.rows].filter((row) => !row.hidden).map(cellsOf);

  const markdown = (table) => {
    const [head, ...rows] = rowsOf(table).map((cells) => `| ${cells.map((text) => text.replace(/\|/g, "\\|")).join(" | ")} |`);
    const marks = [...table.rows[0].cells].filter((cell) => !cell.hidden && !cell.classList.contains("wide"))
      .map((cell) => (cell.classList.contains("n") ? " ---: " : " --- "));
    return [head, `|${marks.join("|")}|`, ...rows].join("\n");
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

  const download = (name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csv(table(name))], { type: "text/csv" }));
    link.download = `${name}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const textOf = ({ copy: id, copyTable, copyLink }) => {
    if (copyLink !== undefined) return copyLink ? `${location.href.split("#")[0]}#${copyLink}` : location.href;
    return id ? document.getElementById(id).textContent : markdown(table(copyTable));
  };
  const BUTTONS = "[data-copy], [data-copy-table], [data-copy-link], [data-csv]";

  document.addEventListener("click", async (event) => {
    const button = event.target.closest(BUTTONS);
    if (!button) return;
    if (button.dataset.csv) download(button.dataset.csv);
    else say(button, await copy(textOf(button.dataset)) ? "Copied" : "Could not copy");
  });
  const reveal = (part) => {
    for (const button of part.querySelectorAll(BUTTONS)) button.hidden = false;
  };
  reveal(document);
  document.addEventListener("benchgen:panel", (event) => reveal(event.detail));
})();
