// Keeps true what a staff page shows of sessions: the server says which one changed, and its part of the page is fetched
// again. Without it the page is as it was when it came, and says the same when it is loaded again.
(() => {
  const address = document.currentScript.dataset.live;
  const automatic = { headers: { "Plats-Automatic": "1" } };
  const most = 4; // parts fetched at once
  const waiting = new Map(); // address of a part -> its element
  let fetching = 0;
  let source;

  const parts = (session) =>
    document.querySelectorAll(session ? `[data-live-session="${CSS.escape(session)}"]` : "[data-live-src]");

  function want(elements) {
    for (const element of elements) if (element.dataset.liveSrc) waiting.set(element.dataset.liveSrc, element);
    while (fetching < most && waiting.size) renew(...waiting.entries().next().value);
  }

  async function renew(src, element) {
    waiting.delete(src);
    fetching += 1;
    try {
      const answer = await fetch(src, automatic);
      if (answer.ok && element.isConnected) show(element, await answer.text());
    } catch {
      // not reached now: the next change, or the next connection, brings it
    } finally {
      fetching -= 1;
      want([]);
    }
  }

  /** Puts the new part in, unless somebody is in the middle of it; who tabs through it stays where they are. */
  function show(element, text) {
    const made = document.createElement("template");
    made.innerHTML = text.trim();
    const part = made.content.firstElementChild;
    if (!part || part.isEqualNode(element)) return;
    if (element.querySelector("[data-changed]") || typing(element)) {
      element.classList.add("out-of-date");
      return;
    }
    const focused = element.contains(document.activeElement) && document.activeElement.id;
    element.replaceWith(part);
    if (focused) document.getElementById(focused)?.focus();
    part.classList.add("changed");
  }

  const typing = (element) =>
    element.contains(document.activeElement) && document.activeElement.matches("input:not([type=hidden]), select, textarea");

  function listen() {
    source = new EventSource(address);
    source.addEventListener("session", (event) => want(parts(event.data)));
    source.addEventListener("again", () => want(parts())); // events may have been missed
    source.addEventListener("over", stop); // signed out: what is here stays, and the next click leads to sign in
  }

  function stop() {
    source?.close();
    source = undefined;
  }

  if (!document.querySelector("[data-live-src]")) return;
  // A page nobody sees holds no connection: a browser has few of them for all its tabs.
  const follow = () => (document.hidden ? stop() : source || listen());
  document.addEventListener("visibilitychange", follow);
  follow();
})();
