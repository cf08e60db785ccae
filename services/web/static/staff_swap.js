// One tap without a new page: a form marked with data-swap names the part of the page that its answer replaces here.
// Without this the same form brings the same page anew. What was typed beside it stays as it is.
(() => {
  const waiting = []; // quick taps are sent one after the other, each on what the one before left
  let busy = false;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.swap) return;
    event.preventDefault();
    waiting.push({ address: form.action, part: form.dataset.swap, body: new URLSearchParams(new FormData(form)) });
    if (!busy) work();
  });

  async function work() {
    busy = true;
    while (waiting.length) {
      const { address, part, body } = waiting.shift();
      try {
        const answer = await fetch(address, { method: "POST", body });
        if (!answer.ok || !replace(part, await answer.text())) throw new Error(answer.status);
      } catch {
        location.reload(); // nobody knows here what became of the tap: the page does
        return;
      }
    }
    busy = false;
  }

  function replace(part, text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const made = page.getElementById(part);
    const here = document.getElementById(part);
    if (!made || !here) return false;
    const focused = document.activeElement?.id;
    here.replaceWith(made);
    if (focused) document.getElementById(focused)?.focus();
    notice(page.querySelector(".notice"));
    document.dispatchEvent(new Event("swapped"));
    return true;
  }

  /** What was done is said here too, with its undo. */
  function notice(made) {
    const here = document.querySelector(".notice");
    if (here && made) here.replaceWith(made);
    else if (here) here.remove();
    else if (made) document.querySelector(".staff-page > .staff-wrap")?.prepend(made);
  }
})();
