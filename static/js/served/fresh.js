// A page that has become old under its reader says so; it never jumps.
(() => {
  const { stream } = document.documentElement.dataset;
  let key = "";
  let source = null;

  const tell = (words = "Updated since you opened it: ") => {
    if (document.querySelector("[data-fresh]")) return;
    const note = document.createElement("p");
    const link = document.createElement("a");
    note.className = "notice fresh";
    note.dataset.fresh = "";
    note.setAttribute("role", "status");
    link.href = location.href;
    link.textContent = "reload";
    link.addEventListener("click", (event) => { event.preventDefault(); location.reload(); });
    note.append(words, link);
    document.querySelector("main").prepend(note);
  };
  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource(stream);
    source.addEventListener("panel", (message) => {
      const said = JSON.parse(message.data);
      if (said.id === "page" && said.key !== key) tell();
    });
  };
  const close = () => { source?.close(); source = null; };

  // The page of a run moves by itself; what stands there only once the run has ended it cannot add.
  if (document.querySelector("[data-badge]")) {
    const ENDED = ["completed", "failed", "canceled"];
    let status = "";
    document.addEventListener("benchgen:page", ({ detail }) => {
      if (detail.key === null) tell("This run is not there any more: ");
      else if (status && !ENDED.includes(status) && ENDED.includes(detail.status)) tell("The run has ended; its whole report: ");
      if (detail.status) ({ status } = detail);
    });
    return;
  }

  const start = async () => {
    const answer = await fetch(location.href, { method: "HEAD" });
    key = (answer.headers.get("etag") || "").replace(/^W\//, "").replaceAll('"', "");
    if (key) open();
  };
  document.addEventListener("visibilitychange", () => { if (document.hidden) close(); else if (key) open(); });
  addEventListener("pagehide", close);
  start();
})();
