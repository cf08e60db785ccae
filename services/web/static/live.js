// Keeps the number of free places, or of those in the queue, and what one can do true while a page is open and looked
// at. Without it the page is as it was when it came, and says the same when it is loaded again.
(() => {
  const address = document.currentScript.dataset.seats;
  const marks = [...document.querySelectorAll("[data-live]")];
  const acts = [...document.querySelectorAll("[data-does]")];
  const pause = 20_000;
  const most = 60; // sessions in one question; what stands further down a very long page stays as it came
  let asked = Date.now();

  async function ask() {
    asked = Date.now();
    const ids = [...new Set(marks.map((mark) => mark.dataset.live))].slice(0, most);
    const answer = await fetch(`${address}?${new URLSearchParams(ids.map((id) => ["s", id]))}`);
    if (!answer.ok) return;
    const now = await answer.json();
    show(now);
    offer(now);
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

  /** What one can do, and where: to book, to queue, or nothing. */
  function offer(now) {
    for (const act of acts) {
      const told = now[act.dataset.does];
      if (!told || told.does === act.textContent) continue;
      act.textContent = told.does;
      act.hidden = !told.way;
      if (told.way && act.href) act.href = act.href.replace(/[^/]*$/, told.way);
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
