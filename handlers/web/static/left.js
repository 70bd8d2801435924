// Somebody who left this page may come back to it with Back. Then it shows nothing of the conversation. Typing the
// address, or pressing "Go on", opens it as usual. This runs before anything is drawn.

(() => {
  const left = () => {
    try { return sessionStorage.getItem("left") !== null; } catch { return false; }
  };
  const hide = () => {
    document.documentElement.hidden = true;
    location.replace("/left");
  };
  const [came] = performance.getEntriesByType("navigation");
  if (left() && came?.type === "back_forward") hide();
  else if (left() && came?.type === "navigate") sessionStorage.removeItem("left");
  addEventListener("pageshow", (event) => { if (event.persisted && left()) hide(); });
})();
