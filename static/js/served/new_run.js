// The form that starts a run: what the chosen thing is, the models of each endpoint, LM Studio's loaded on choice.
(() => {
  const form = document.querySelector("[data-new-run]");
  if (!form) return;
  const MOST_SHOWN = 50;
  const json = { Accept: "application/json" };
  const targets = form.elements.tasks;
  const models = form.elements.models;

  const described = form.querySelector("[data-described]");
  const put = (name, text) => { described.querySelector(`[data-${name}]`).textContent = text || ""; };
  const describe = async () => {
    const name = targets.value.trim();
    described.hidden = true;
    if (!name || /[\s,]/.test(name)) return;
    const answer = await fetch(`${form.dataset.newRun}/${encodeURIComponent(name)}`, { headers: json });
    if (!answer.ok || targets.value.trim() !== name) return;
    const said = await answer.json();
    put("name", said.name);
    put("category", [said.category, ...(said.tags || []), ...(said.notes || [])].filter(Boolean).join(" · "));
    put("says", said.description);
    described.hidden = false;
  };
  targets.addEventListener("change", describe);

  const chooser = form.querySelector("[data-models]");
  const part = (name) => chooser.querySelector(`[data-${name}]`);
  const say = (text) => { part("state").textContent = text; };
  let endpoints = null;

  const use = (model) => {
    const chosen = models.value.split(/[\s,]+/).filter(Boolean);
    if (!chosen.includes(model)) models.value = [...chosen, model].join(" ");
  };
  const load = async (one, button) => {
    button.disabled = true;
    say(`Loading ${one.model}; the others are unloaded…`);
    const answer = await fetch(form.dataset.switch, {
      method: "POST",
      headers: { ...json, "Content-Type": "application/json" },
      body: JSON.stringify({ model_id: one.model }),
    });
    const said = await answer.json();
    button.disabled = false;
    if (answer.ok) {
      for (const other of chosenEndpoint().models) other.is_loaded = other === one;
      use(one.model);
      show();
    }
    say(answer.ok ? said.message : said.error.message);
  };

  const row = (one, endpoint) => {
    const item = chooser.querySelector("template").content.cloneNode(true);
    const loader = item.querySelector("[data-load]");
    item.querySelector("[data-model]").textContent = one.model;
    item.querySelector("[data-about]").textContent = one.about || (one.is_loaded ? "loaded" : "");
    item.querySelector("[data-use]").addEventListener("click", () => use(one.model));
    loader.hidden = endpoint.name !== "lmstudio" || one.is_loaded;
    loader.addEventListener("click", () => load(one, loader));
    return item;
  };
  const chosenEndpoint = () => endpoints.find(({ name }) => name === part("endpoint").value);
  const show = () => {
    const endpoint = chosenEndpoint();
    const wanted = part("find").value.trim().toLowerCase();
    const found = endpoint.models.filter(({ model }) => model.toLowerCase().includes(wanted));
    part("list").replaceChildren(...found.slice(0, MOST_SHOWN).map((one) => row(one, endpoint)));
    const left = found.length - MOST_SHOWN;
    say(endpoint.state === "ok" ? (left > 0 ? `${left} more: type a part of the name` : "") : `${endpoint.state}: ${endpoint.why}`);
  };

  const ask = async () => {
    if (endpoints || !chooser.open) return;
    say("Asking the endpoints…");
    const answer = await fetch(chooser.dataset.models, { headers: json });
    if (!answer.ok) { say("The endpoints could not be asked."); return; }
    ({ endpoints } = await answer.json());
    part("endpoint").replaceChildren(...endpoints.map(({ name, models: { length } }) => new Option(length ? `${name} (${length})` : name, name)));
    const ready = endpoints.find(({ name, state }) => name !== "builtin" && state === "ok");
    if (ready) part("endpoint").value = ready.name;
    show();
  };
  chooser.addEventListener("toggle", ask);
  part("endpoint").addEventListener("change", show);
  part("find").addEventListener("input", show);
  chooser.hidden = false;
  describe();
})();
