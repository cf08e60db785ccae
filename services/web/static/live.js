// Keeps the number of free places true while a page is open and looked at. Without it the page is as it was when it
// came, and says the same when it is loaded again.
(() => {
  const address = document.currentScript.dataset.seats;
  const marks = [...document.querySelectorAll("[data-live]")];
  const pause = 20_000;
  const most = 60; // sessions in one question; what stands further down a very long page stays as it came
  let asked = Date.now();

  async function ask() {
    asked = Date.now();
    const ids = [...new Set(marks.map((mark) => mark.dataset.live))].slice(0, most);
    const answer = await fetch(`${address}?${new URLSearchParams(ids.map((id) => ["s", id]))}`);
    if (answer.ok) show(await answer.json());
  }

  function show(now) {
    for (const mark of marks) {
      const told = now[mark.dataset.live];
      if (!told || told.text === mark.textContent) continue;
      mark.textContent = told.text;
      seat(mark.dataset.live, told.left);
      mark.classList.toggle("stop", told.left === 0);
      mark.classList.remove("changed");
      requestAnimationFrame(() => mark.classList.add("changed"));
    }
  }

  /** The picture of a session's chairs, the taken ones first. */
  function seat(session, left) {
    const chairs = [...(document.querySelector(`[data-chairs="${session}"]`)?.children ?? [])];
    chairs.forEach((chair, place) => chair.classList.toggle("taken", place < chairs.length - left));
  }

  const keepTrue = () => {
    // A page nobody sees, or whose visitor saves data, asks for nothing.
    if (document.hidden || navigator.connection?.saveData || Date.now() - asked < pause) return;
    ask().catch(() => {}); // not reached now: the next time may be better
  };

  if (!marks.length) return;
  setInterval(keepTrue, 5_000);
  document.addEventListener("visibilitychange", keepTrue);
})();
