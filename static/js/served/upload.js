// Uploads a dataset with its progress shown, what is wrong with its lines, and by drag and drop.
(() => {
  const form = document.querySelector("[data-upload]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const state = form.querySelector("[data-upload-state]");
  const bar = state.querySelector("progress");
  const words = state.querySelector("output");
  const wrong = form.querySelector("[data-upload-problems]");
  const line = form.querySelector("[data-upload-problem]").content;

  const refuse = (message, problems) => {
    state.hidden = true;
    wrong.hidden = false;
    wrong.querySelector("p").textContent = message;
    wrong.querySelector("ol").replaceChildren(...problems.map((one) => {
      const item = line.cloneNode(true);
      item.querySelector("strong").textContent = `line ${one.line}`;
      item.querySelector("span").textContent = one.reason;
      return item;
    }));
  };

  const answered = (request) => {
    let said = {};
    try { said = JSON.parse(request.responseText); } catch { /* what follows says so */ }
    if (request.status === 201) {
      words.textContent = `${said.count.toLocaleString("en")} rows are sound and kept`;
      location.href = form.dataset.open.replace("KEY", said.dataset_id);
      return;
    }
    const fault = said.error || { message: `the server answered ${request.status}` };
    refuse(`Nothing was added. ${fault.message}${fault.hint ? `: ${fault.hint}` : ""}`, fault.problems || []);
  };

  const send = (file) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file);
    wrong.hidden = true;
    state.hidden = false;
    bar.value = 0;
    words.textContent = `sending ${file.name}`;
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = event.loaded / event.total;
      words.textContent = `${Math.round(100 * bar.value)} % of ${file.name} sent`;
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      words.textContent = `checking every line of ${file.name}`;
    });
    request.addEventListener("load", () => answered(request));
    request.addEventListener("error", () => refuse("The upload broke off: nothing was added.", []));
    request.open("POST", form.dataset.upload);
    request.setRequestHeader("Accept", "application/json");
    request.send(body);
  };

  const isOver = (on) => form.classList.toggle("over", on);
  form.addEventListener("dragover", (event) => { event.preventDefault(); isOver(true); });
  form.addEventListener("dragleave", () => isOver(false));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    isOver(false);
    if (event.dataTransfer.files.length === 1) send(event.dataTransfer.files[0]);
    else refuse("One file at a time.", []);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.files.length) send(input.files[0]);
  });
  form.querySelector("[data-upload-hint]").hidden = false;
})();
