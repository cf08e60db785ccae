// Brings in what is new every second and a half, without touching what somebody is typing or has opened.

const pause = 1500;
let etag = "";

// Puts those children of `fresh` that are not here yet behind the ones they follow there.
function addMissing(current, fresh) {
  let previous = null;
  for (const element of fresh.children) {
    let here = element.id && document.getElementById(element.id);
    if (!here) {
      here = document.importNode(element, true);
      if (previous) previous.after(here);
      else current.prepend(here);
    } else if (here.querySelector("[data-messages]")) {
      addMissing(here.querySelector("[data-messages]"), element.querySelector("[data-messages]"));
    }
    previous = here;
  }
}

function bringIn(fresh) {
  const lists = fresh.querySelectorAll("[data-owners]");
  document.querySelectorAll("[data-owners]").forEach((current, index) => {
    current.querySelector("[data-nothing]")?.remove();
    addMissing(current, lists[index]);
  });
}

async function refresh() {
  const answer = await fetch(location.href, { cache: "no-store", headers: { "If-None-Match": etag } });
  if (answer.ok) {
    etag = answer.headers.get("ETag");
    bringIn(new DOMParser().parseFromString(await answer.text(), "text/html"));
  }
}

async function keepFresh() {
  try {
    await refresh();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // the phonebox is away for a moment
  }
  setTimeout(keepFresh, pause);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches(".reply")) return;
  event.preventDefault();
  const output = form.querySelector("output");
  output.textContent = "";
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(Object.fromEntries(new FormData(form))),
  });
  if (answer.ok) {
    form.elements.text.value = "";
    await refresh();
  } else {
    output.textContent = await answer.text();
  }
});

keepFresh();
