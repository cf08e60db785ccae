// Keeps a visitor's seats while they type: asks for more time, and says until when. Without it the seats are kept for
// as long as the page said when it came, and again from each answer on.
(() => {
  const told = document.querySelector("[data-hold]");
  const pause = 180_000;
  let asked = Date.now();

  async function renew() {
    asked = Date.now();
    const answer = await fetch(told.dataset.hold, { method: "POST" });
    if (answer.status === 200) told.textContent = (await answer.json()).text;
  }

  const typed = () => {
    if (Date.now() - asked < pause) return;
    renew().catch(() => {}); // not reached now: the next key may be luckier, and booking works without
  };

  if (!told) return;
  for (const activity of ["input", "keydown", "pointerdown"]) document.addEventListener(activity, typed);
})();
