// The logs of a run: what came is asked for by offset, what stood before by a button; a page never holds it all.
(() => {
  const root = document.querySelector("[data-log]");
  if (!root) return;
  const MOST_LINES = 5000;
  const follow = root.querySelector("[data-follow]");
  const isFollowing = () => follow.querySelector("input").checked;
  const toEnd = (text) => { if (isFollowing()) text.scrollTop = text.scrollHeight; };
  const units = ["B", "KB", "MB", "GB"];
  const spell = (bytes) => {
    const power = Math.min(3, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
    return `${(bytes / 1000 ** power).toFixed(power ? 1 : 0)} ${units[power]}`;
  };

  const parts = [...root.querySelectorAll("[data-part]")].map((element) => ({
    element,
    text: element.querySelector("pre"),
    earlier: element.querySelector("[data-earlier]"),
    isAsking: false,
    wanted: 0,
  }));

  const ask = async (part, query) => {
    const run = `${root.dataset.log}/${encodeURIComponent(root.dataset.run)}`;
    const address = `${run}/log?stream=${part.element.dataset.part}&${query}`;
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };
  const show = (part) => { part.earlier.hidden = !Number(part.element.dataset.start); };

  // Lines are text nodes of the page, so that thousands more cost no more than the ones that came.
  const append = (part, said) => {
    const { text, element } = part;
    if (said.skipped) text.append(`… ${spell(said.skipped)} left out …\n`);
    if (said.lines.length) text.append(`${said.lines.join("\n")}\n`);
    element.dataset.offset = said.offset;
    if (text.childNodes.length > 50) trim(part);
    toEnd(text);
  };
  const trim = (part) => {
    const lines = part.text.textContent.split("\n");
    if (lines.length > MOST_LINES && isFollowing()) {
      part.text.textContent = lines.slice(-MOST_LINES).join("\n");
      part.earlier.hidden = true;
    }
    part.text.normalize();
  };

  const catchUp = async (part) => {
    if (part.isAsking) return;
    part.isAsking = true;
    try {
      while (part.wanted !== Number(part.element.dataset.offset)) {
        const before = part.element.dataset.offset;
        const said = await ask(part, `offset=${before}`);
        part.element.querySelector("[data-size]").textContent = spell(said.size);
        append(part, said);
        if (String(said.offset) === before) break; // the line has not ended yet
      }
    } catch { /* The stream comes back and says again how long the log is. */ } finally { part.isAsking = false; }
  };

  const goBack = async (part) => {
    part.earlier.disabled = true;
    try {
      const said = await ask(part, `before=${part.element.dataset.start}`);
      part.element.dataset.start = said.start;
      const height = part.text.scrollHeight;
      if (said.lines.length) part.text.prepend(`${said.lines.join("\n")}\n`);
      follow.querySelector("input").checked = false;
      part.text.scrollTop += part.text.scrollHeight - height;
    } catch { /* Pressed again, it is asked again. */ } finally { part.earlier.disabled = false; }
    show(part);
  };

  // The live page may take up another run.
  const takeUp = (runId) => {
    root.dataset.run = runId;
    for (const part of parts) {
      const link = part.element.querySelector("a");
      link.href = `${root.dataset.files}/${encodeURIComponent(runId)}/${part.element.dataset.part}.log`;
      link.hidden = false;
      part.text.textContent = "";
      Object.assign(part.element.dataset, { start: "0", offset: "0" });
    }
  };

  document.addEventListener("benchgen:log", ({ detail }) => {
    if (detail.run_id !== root.dataset.run) takeUp(detail.run_id);
    for (const part of parts) {
      part.wanted = detail.sizes[part.element.dataset.part] || 0;
      if (part.wanted) part.element.open ||= !part.text.textContent;
      catchUp(part);
    }
  });
  for (const part of parts) {
    part.earlier.addEventListener("click", () => goBack(part));
    part.element.addEventListener("toggle", () => toEnd(part.text));
    show(part);
    toEnd(part.text);
  }
  follow.hidden = false;
  follow.addEventListener("change", () => parts.forEach(({ text }) => toEnd(text)));
})();
