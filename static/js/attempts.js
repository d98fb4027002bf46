// A run's attempts, sorted and filtered over all their pages: what is looked through comes as scripts, when it is asked for.
(() => {
  const MOST = 100;
  const SAYS = 120;
  const known = new Map();
  const orders = new Map();
  let all = null;
  let reading = null;

  const load = (address) => new Promise((done) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = script.onerror = () => { script.remove(); done(); };
    document.head.append(script);
  });
  window.benchgenAttempts = { push: (part) => known.set(part.part, part) };

  // One list of lines from the columns of all parts. `order` is the place in the run, which settles what is equal.
  const lines = () => [...known.values()].sort((a, b) => a.part - b.part).flatMap((part) => part.href.map((href, at) => {
    const [task, taskShown, title, language, difficulty] = part.tasks[part.task[at]];
    const [model, modelShown] = part.models[part.model[at]];
    const [status, name] = part.statuses[part.status[at]];
    const says = part.says[at];
    return {
      href, task, taskShown, title, language, difficulty, model, modelShown, status, name, says,
      sample: part.sample[at], time: part.seconds[at], tokens: part.tokens[at], cost: part.cost[at],
      marks: part.marks[at], shown: part.shown[at],
      text: `${status} ${task} ${title} ${model} ${language} ${difficulty} ${says}`.toLowerCase(),
    };
  }));
  const read = async (table) => {
    const { index, parts } = table.dataset;
    const missing = Array.from({ length: Number(parts) }, (_, at) => at + 1).filter((number) => !known.has(number));
    await Promise.all(missing.map((number) => load(index.replace(/-1\.js$/, `-${number}.js`))));
    all = lines();
    orders.clear();
    reading = null;
  };

  // Digits count as numbers, so that task 9 comes before task 10.
  const natural = (text) => text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, "0"));
  const sorted = (column, isDown) => {
    const keys = all.map((line, order) => ({ line, order, key: typeof line[column] === "string" ? natural(line[column]) : line[column] }));
    // What is unknown stays last in either direction: it is neither little nor much.
    const valued = keys.filter((one) => one.key !== null);
    const sign = isDown ? -1 : 1;
    valued.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : a.order - b.order));
    return [...valued, ...keys.filter((one) => one.key === null)].map((one) => one.line);
  };
  // An order is made once: what is typed then only leaves lines out.
  const inOrder = (column, isDown) => {
    if (!column) return all;
    const name = `${column} ${isDown}`;
    if (!orders.has(name)) orders.set(name, sorted(column, isDown));
    return orders.get(name);
  };

  const wantedOf = (table) => {
    const controls = document.querySelector(`[data-filter="${table.dataset.name}"]`);
    const heading = table.tHead.querySelector("th[aria-sort]");
    return {
      words: controls.querySelector("[data-query]").value.toLowerCase().split(/\s+/).filter(Boolean),
      chosen: [...controls.querySelectorAll("[data-facet]")].filter((one) => one.value).map((one) => [one.dataset.facet, one.value]),
      column: heading && heading.textContent.trim().toLowerCase(),
      isDown: heading?.getAttribute("aria-sort") === "descending",
    };
  };
  const fitting = ({ words, chosen, column, isDown }) => inOrder(column, isDown)
    .filter((line) => chosen.every(([facet, value]) => line[facet] === value) && words.every((word) => line.text.includes(word)));

  const rowOf = (table, parts) => {
    const blank = table.closest("[data-panel], section").querySelector("[data-line]").content.firstElementChild;
    const [chips, costs, cached, turned] = parts.children;
    const chipOf = new Map([...chips.children].map((chip) => [chip.className.slice(5), chip]));
    const hidden = [...table.tHead.rows[0].cells].map((heading) => heading.hidden);
    return (line) => {
      const row = blank.cloneNode(true);
      const [status, task, model, ...rest] = row.cells;
      const [says, cost, tokens, time, sample] = rest.reverse();
      const [replaced, isCached, turn] = line.marks;
      const [timeText, tokensText, tokensTitle, costText] = line.shown;
      const link = task.firstChild;
      status.append(chipOf.get(line.name).cloneNode(true));
      if (line.href) link.href = line.href;
      link.title = line.taskShown === line.task ? line.title : line.task;
      link.textContent = line.taskShown;
      model.append(line.modelShown);
      if (line.modelShown !== line.model) model.title = line.model;
      if (sample) sample.append(line.sample);
      time.append(timeText);
      tokens.append(tokensText);
      if (tokensTitle) tokens.title = tokensTitle;
      cost.append([...costs.children].find((one) => one.textContent === costText)?.cloneNode(true) || costText);
      if (line.says) says.title = line.says;
      if (replaced) { row.className = "replaced"; says.append("replaced by a retry · "); }
      if (isCached) says.append(cached.cloneNode(true), " ");
      if (turn) { says.append(turned.cloneNode(true), " "); says.querySelector(":scope > :last-child").append(turn); }
      says.append(line.says.slice(0, SAYS));
      hidden.forEach((isHidden, at) => { row.cells[at].hidden = isHidden; });
      return row;
    };
  };

  // The lines that came with the page stand again once nothing is chosen.
  const own = new WeakMap();
  const show = async (table) => {
    if (!table.isConnected) return; // another has taken its place meanwhile
    const wanted = wantedOf(table);
    const section = table.closest("[data-panel], section");
    const [body, count, pages] = [table.tBodies[0], section.querySelector("[data-count]"), section.querySelector("nav")];
    if (!own.has(table)) own.set(table, [...body.rows]);
    const isAll = !wanted.words.length && !wanted.chosen.length && !wanted.column;
    if (isAll && !pages.hidden) return;
    section.querySelector("[data-more]")?.remove();
    pages.hidden = !isAll;
    if (isAll) {
      count.textContent = "";
      body.replaceChildren(...own.get(table));
      return;
    }
    if (!all) {
      count.textContent = "reading all attempts …";
      await (reading ||= read(table));
      await show(table);
      return;
    }
    const found = fitting(wanted);
    const make = rowOf(table, section.querySelector("[data-parts]").content);
    const say = () => {
      const [hits, every, shown] = [found.length, all.length, body.rows.length].map((one) => one.toLocaleString("en"));
      const lost = known.size < Number(table.dataset.parts) ? " that could be read" : "";
      count.textContent = `${hits} of ${every}${lost}${body.rows.length < found.length ? `, the first ${shown} shown` : ""}`;
    };
    body.replaceChildren(...found.slice(0, MOST).map(make));
    say();
    if (found.length <= MOST) return;
    const more = document.createElement("button");
    Object.assign(more, { type: "button", textContent: "Show more" });
    more.dataset.more = "";
    more.addEventListener("click", () => {
      const from = body.rows.length;
      body.append(...found.slice(from, from + MOST).map(make));
      say();
      more.hidden = body.rows.length >= found.length;
    });
    pages.after(more);
  };

  const prepare = (part) => part.querySelectorAll("table[data-index]").forEach(show);
  document.addEventListener("benchgen:wanted", (event) => show(event.target));
  // Attempts that ended since are in the last part or in new ones; what is being read is read to its end first.
  document.addEventListener("benchgen:panel", async (event) => {
    const table = event.detail.querySelector("table[data-index]");
    if (!table) return;
    await reading;
    known.delete(Math.max(...known.keys()));
    all = null;
    show(table);
  });
  prepare(document);
})();
