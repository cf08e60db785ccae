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
      if (answer.ok && element.isConnected) show(element, parsed(await answer.text()).querySelector("[data-live-src]"));
    } catch {
      // not reached now: the next change, or the next connection, brings it
    } finally {
      fetching -= 1;
      want([]);
    }
  }

  /** All parts anew in one question: a day of all libraries has a hundred. What cannot be asked for so is asked one by one. */
  async function renewAll() {
    const answer = await fetch(location.href, automatic).catch(() => undefined);
    if (!answer) return; // not reached now: the next connection brings it
    if (!answer.ok) return want(parts());
    const now = new Map();
    for (const part of parsed(await answer.text()).querySelectorAll("[data-live-src]")) now.set(part.dataset.liveSrc, part);
    for (const element of parts()) show(element, now.get(element.dataset.liveSrc));
  }

  /** What stands in a page or a part of one, to be looked through: nothing of it runs, also a row keeps its cells. */
  function parsed(text) {
    const made = document.createElement("template");
    made.innerHTML = text;
    return made.content;
  }

  /** Puts the new part in, unless somebody is in the middle of it; who tabs through it stays where they are. */
  function show(element, part) {
    element.classList.remove("changed"); // since it was put in
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
    source.addEventListener("again", renewAll); // events may have been missed
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
