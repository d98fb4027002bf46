// A word on the desktop when the run ends, for whoever asked for one. The choice holds for this page alone.
(() => {
  const button = document.querySelector("[data-notify]");
  if (!button || !("Notification" in window)) return;
  const GOING = ["queued", "running"];
  let run = "";
  let status = "";
  let isWanted = false;

  const show = () => {
    button.hidden = !GOING.includes(status) || Notification.permission === "denied";
    button.setAttribute("aria-pressed", String(isWanted));
  };
  button.addEventListener("click", async () => {
    isWanted = !isWanted && (await Notification.requestPermission()) === "granted";
    show();
  });
  document.addEventListener("benchgen:page", ({ detail }) => {
    if (!detail.status) return;
    const hasEnded = GOING.includes(status) && !GOING.includes(detail.status) && detail.run_id === run;
    if (hasEnded && isWanted) {
      const word = new Notification(`${detail.name}: ${detail.status}`, { tag: run });
      word.onclick = () => window.focus();
    }
    ({ run_id: run, status } = detail);
    show();
  });
})();
