(() => {
let at = 0;
let isSingle = false;
let level = "";
const here = () => document.querySelector("[data-episode]");
const steps = () => [...document.querySelectorAll("[data-episode] [data-step]")];
const show = () => {
const all = steps();
at = Math.max(0, Math.min(at, all.length - 1));
all.forEach((step, index) => {
step.hidden = isSingle && index !== at;
step.toggleAttribute("data-current", index === at);
});
const place = here()?.querySelector("[data-place]");
if (place) place.textContent = all.length ? `${at + 1} of ${all.length}` : "";
};
const move = (by) => {
at += by;
show();
const step = steps()[at];
step?.focus({ preventScroll: true });
step?.scrollIntoView({ block: "nearest" });
};
const filter = () => {
for (const line of document.querySelectorAll("[data-episode] [data-level]")) {
line.hidden = level !== "" && line.dataset.level !== level;
}
};
const dress = (wasLast) => {
const episode = here();
if (!episode) return;
episode.querySelectorAll("[data-replay], [data-levels]").forEach((one) => { one.hidden = false; });
episode.querySelector("[data-single]").checked = isSingle;
const select = episode.querySelector("[data-level-filter]");
if (select) select.value = level;
if (wasLast) at = steps().length - 1;
show();
filter();
};
document.addEventListener("click", (event) => {
const button = event.target.closest("[data-episode] [data-move]");
if (button) move(Number(button.dataset.move));
});
document.addEventListener("change", (event) => {
if (event.target.matches("[data-single]")) { isSingle = event.target.checked; show(); }
if (event.target.matches("[data-level-filter]")) { level = event.target.value; filter(); }
});
addEventListener("keydown", (event) => {
if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return;
if (event.target.closest("input, select, textarea, pre, .scroll") || !steps().length) return;
const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
if (!by) return;
event.preventDefault();
event.stopImmediatePropagation();
move(by);
});
let before = steps().length;
document.addEventListener("benchgen:panel", () => {
const wasLast = at >= before - 1;
before = steps().length;
dress(wasLast);
});
const named = steps().findIndex((step) => `#${step.id}` === location.hash);
if (named >= 0) at = named;
dress(false);
})();
(() => {
const FEWEST = 8;
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
const goesOn = (table) => "index" in table.dataset;
const tell = (table) => table.dispatchEvent(new CustomEvent("benchgen:wanted", { bubbles: true }));
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
(() => {
addEventListener("keydown", (event) => {
if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
if (event.target.closest("input, select, textarea, pre, .scroll")) return;
const way = { ArrowLeft: "a[rel=prev]", ArrowRight: "a[rel=next]", f: "a[data-next-failure]" }[event.key];
const link = way && [...document.querySelectorAll(way)].find((one) => one.offsetParent);
if (link) link.click();
});
const opened = () => {
const part = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (part && part.tagName === "DETAILS") part.open = true;
};
addEventListener("hashchange", opened);
opened();
})();
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
const natural = (text) => text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, "0"));
const sorted = (column, isDown) => {
const keys = all.map((line, order) => ({ line, order, key: typeof line[column] === "string" ? natural(line[column]) : line[column] }));
const valued = keys.filter((one) => one.key !== null);
const sign = isDown ? -1 : 1;
valued.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : a.order - b.order));
return [...valued, ...keys.filter((one) => one.key === null)].map((one) => one.line);
};
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
(() => {
const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
tip.setAttribute("aria-hidden", "true");
const marksOf = (chart) => [...chart.querySelectorAll("[data-spot]")];
const dress = (mark, index) => {
const title = mark.querySelector("title");
if (!title) return;
mark.setAttribute("aria-label", title.textContent);
if (mark.localName !== "a") mark.setAttribute("role", "img");
mark.setAttribute("tabindex", index ? "-1" : "0");
title.remove();
};
const show = (mark) => {
marksOf(mark.closest("[data-chart]")).forEach(dress);
if (!tip.isConnected) document.body.append(tip);
tip.textContent = mark.getAttribute("aria-label");
tip.hidden = false;
const place = (mark.querySelector("circle") || mark).getBoundingClientRect();
const left = Math.min(Math.max(8, place.left + place.width / 2 - tip.offsetWidth / 2), innerWidth - tip.offsetWidth - 8);
const above = place.top - tip.offsetHeight - 6;
tip.style.left = `${left + scrollX}px`;
tip.style.top = `${(above < 0 ? place.bottom + 6 : above) + scrollY}px`;
};
const hide = () => { tip.hidden = true; };
const prepare = (part) => {
for (const chart of part.querySelectorAll("[data-chart]")) {
marksOf(chart).filter((mark, index) => !index || mark.localName === "a").forEach(dress);
}
};
const markOf = (event) => (event.target.closest ? event.target.closest("[data-chart] [data-spot]") : null);
const point = (event) => {
const mark = markOf(event);
if (mark) show(mark);
else hide();
};
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };
document.addEventListener("pointerover", point);
document.addEventListener("focusin", point);
document.addEventListener("focusout", hide);
document.addEventListener("keydown", (event) => {
if (event.key === "Escape") hide();
const mark = markOf(event);
if (!mark || !(event.key in STEPS) || event.ctrlKey || event.metaKey || event.altKey) return;
const marks = marksOf(mark.closest("[data-chart]"));
const next = marks[Math.min(marks.length - 1, Math.max(0, marks.indexOf(mark) + STEPS[event.key]))];
event.preventDefault();
event.stopPropagation();
mark.setAttribute("tabindex", "-1");
next.setAttribute("tabindex", "0");
next.focus();
});
addEventListener("scroll", hide, { passive: true });
document.addEventListener("benchgen:panel", (event) => prepare(event.detail));
prepare(document);
})();
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
(() => {
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
const csvCell = (text) => `"${(/^[=+\-@\t]/.test(text) ? `'${text}` : text).replace(/"/g, '""')}"`;
const csv = (table) => `${rowsOf(table).map((cells) => cells.map(csvCell).join(",")).join("\r\n")}\r\n`;
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
(() => {
const KEYS = [
["?", "this list"],
["j", "jump to any run, model, task or page (also Ctrl K)"],
["/", "filter the table"],
["g l · g t · g d", "leaderboard, tasks, datasets"],
["g r · g c", "runs, compare"],
["g v · g m · g n", "live, methods, new run"],
["← →", "previous and next attempt; from mark to mark of a chart"],
["f", "from a failed attempt to the next"],
["Esc", "close"],
];
let isGoing = false;
for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;
const dialog = () => {
const made = document.createElement("dialog");
const head = document.createElement("h2");
head.textContent = "Keys";
const list = document.createElement("dl");
for (const [keys, meaning] of KEYS) {
const [term, words, key] = ["dt", "dd", "kbd"].map((name) => document.createElement(name));
key.textContent = keys;
term.append(key);
words.textContent = meaning;
list.append(term, words);
}
const form = document.createElement("button");
form.textContent = "Close";
form.addEventListener("click", () => made.close());
made.append(head, list, form);
made.addEventListener("close", () => made.remove());
return made;
};
const help = () => {
if (document.querySelector("dialog[open]")) return;
const shown = dialog();
document.body.append(shown);
shown.showModal();
};
const go = (key) => {
const link = document.querySelector(`.masthead nav a[data-key="${CSS.escape(key)}"]`);
if (link) link.click();
return Boolean(link);
};
addEventListener("keydown", (event) => {
if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
const wasGoing = isGoing;
isGoing = event.key === "g";
if (wasGoing && go(event.key)) return;
if (event.key === "?") help();
else if (event.key === "/") {
const field = document.querySelector(":is([data-filter], [data-find-pages]):not([hidden]) [data-query]");
if (!field) return;
event.preventDefault();
field.focus();
}
});
})();
(() => {
const prepare = () => {
for (const modes of document.querySelectorAll("[data-matrix-modes][hidden]")) {
modes.hidden = false;
show(modes, new URLSearchParams(location.search).get("rows") || "all");
}
};
const show = (modes, mode) => {
for (const table of modes.parentElement.querySelectorAll("[data-matrix]")) table.dataset.mode = mode;
const more = modes.parentElement.querySelector("[data-matrix-more]");
if (more && mode !== "all") more.open = true;
for (const button of modes.querySelectorAll("[data-mode]")) {
button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
}
};
document.addEventListener("click", (event) => {
const button = event.target.closest("[data-matrix-modes] [data-mode]");
if (!button) return;
show(button.closest("[data-matrix-modes]"), button.dataset.mode);
const params = new URLSearchParams(location.search);
if (button.dataset.mode === "all") params.delete("rows");
else params.set("rows", button.dataset.mode);
const query = params.toString();
history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
});
document.addEventListener("benchgen:panel", prepare);
prepare();
})();
(() => {
const AT_ONCE = 6;
const MOST_SHOWN = 200;
const AROUND = 40;
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
