// The pages of the provider: plain HTML without scripts, in the colours of Plats.

const style = `
  body { margin: 0; background: #faf6ee; color: #17302b; font: 18px/1.5 "Noto Sans", system-ui, sans-serif; }
  header { background: #1c5b4a; color: #fff; padding: 24px 16px 64px; }
  header > *, main { max-width: 34rem; margin-inline: auto; }
  h1 { margin-block: 0 8px; font-size: 1.7rem; line-height: 1.2; }
  header p { margin-block: 0; }
  main { margin-block-start: -40px; padding: 0 16px 32px; }
  form, .card { margin-block: 0 12px; }
  button, .card {
    box-sizing: border-box; inline-size: 100%; min-block-size: 48px; padding: 12px 16px; text-align: start;
    font: inherit; color: inherit; background: #fff; border: 1px solid #e4dccd; border-radius: 12px;
  }
  button { cursor: pointer; }
  button:hover { border-color: #1c5b4a; }
  button:focus-visible { outline: 3px solid #1c5b4a; outline-offset: 2px; }
  strong, small { display: block; }
  small { font-size: 1rem; color: #4c605a; }
  a { color: #1c5b4a; }
`;

const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escapeHtml(text) {
  return String(text).replace(/[&<>"']/g, (character) => entities[character]);
}

function page(title, lead, body) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<header><h1>${escapeHtml(title)}</h1><p>${escapeHtml(lead)}</p></header>
<main>${body}</main>
</body>
</html>
`;
}

export function signInPage(uid, people) {
  const choices = people.map(
    ({ id, name, about }) => `
<form method="post" action="/interaction/${escapeHtml(uid)}/${escapeHtml(id)}">
<button><strong>${escapeHtml(name)}</strong><small>${escapeHtml(about)}</small></button>
</form>`,
  );
  return page(
    "Who are you?",
    "This sign-in is for trying out Plats. The people are invented and need no password.",
    choices.join(""),
  );
}

export function peoplePage(people, roles) {
  const forms = people.map(
    ({ id, name, role, branches = [] }) => `
<form method="post" action="/people/${escapeHtml(id)}" class="card">
<strong>${escapeHtml(name)}</strong>
<p><label>Role <select name="role">${["", ...roles]
      .map((one) => `<option${one === (role ?? "") ? " selected" : ""}>${escapeHtml(one)}</option>`)
      .join("")}</select></label>
<label>Libraries <input name="branches" value="${escapeHtml(branches.join(" "))}"></label></p>
<button>Save</button>
</form>`,
  );
  return page("What may they do?", "It counts when their access is renewed, within five minutes.", forms.join(""));
}

export function signOutPage(form) {
  return page(
    "Sign out?",
    "You can then sign in as somebody else.",
    `${form}<button form="op.logoutForm" name="logout" value="yes"><strong>Sign out</strong></button>`,
  );
}

export function messagePage(title, lead, web) {
  return page(title, lead, `<p class="card"><a href="${escapeHtml(web)}">Back to Plats</a></p>`);
}
