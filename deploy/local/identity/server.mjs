// A real OpenID Connect provider for trying out Plats: code flow with PKCE for the web pages, and a door
// where `plats token` gets an access token for any role. Access tokens are RS256 JWTs for the audience "plats".

import { hkdfSync } from "node:crypto";
import { createServer } from "node:http";

import Provider, { errors } from "oidc-provider";

import { signingKey } from "./keys.mjs";
import { messagePage, peoplePage, signInPage, signOutPage } from "./pages.mjs";
import { claimsOf, give, people, personById, roles } from "./people.mjs";
import { MemoryStore } from "./store.mjs";

const minute = 60;
const hour = 60 * minute;
const resource = "urn:plats";
const audience = "plats";
const contentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

const host = setting("IDENTITY_HOST");
const port = Number(setting("IDENTITY_PORT"));
const web = setting("IDENTITY_WEB").replace(/\/+$/, "");
const secret = setting("IDENTITY_TOKEN_SECRET");
const issuer = `http://${host}:${port}`;

const clients = [
  {
    client_id: "plats-web",
    client_name: "Plats",
    client_secret: secret,
    redirect_uris: [`${web}/staff/callback`],
    post_logout_redirect_uris: [web, `${web}/`, `${web}/staff/signed-out`],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
  },
  {
    client_id: "plats-cli",
    client_secret: secret,
    redirect_uris: [],
    grant_types: ["client_credentials"],
    response_types: [],
  },
];

function findAccount(_ctx, id) {
  const person = personById(id);
  return (
    person && {
      accountId: id,
      claims: async () => ({ sub: id, name: person.name, ...claimsOf(person) }),
    }
  );
}

// What `plats token` asks for stands in its request as `role` and any number of `branch`.
function requestedClaims({ role, branch = [] }) {
  if (!roles.has(role)) throw new errors.InvalidRequest(`role must be one of ${[...roles].join(", ")}`);
  return claimsOf({ role, branches: role === "admin" ? [] : [branch].flat() });
}

function extraTokenClaims(ctx, token) {
  return token.kind === "ClientCredentials"
    ? requestedClaims(ctx.oidc.body)
    : claimsOf(personById(token.accountId));
}

// Plats belongs to the same house as this provider, so signing in asks for no consent.
async function loadExistingGrant(ctx) {
  const { client, session, provider, params } = ctx.oidc;
  const known = session.grantIdFor(client.clientId);
  const grant =
    (known && (await provider.Grant.find(known))) ??
    new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(params.scope);
  await grant.save();
  return grant;
}

function html(ctx, page) {
  ctx.set("Content-Security-Policy", contentSecurityPolicy);
  ctx.type = "html";
  ctx.body = page;
}

// Browsers share cookies between the ports of one host, and two copies of Plats may run side by side.
const cookieNames = Object.fromEntries(
  ["session", "interaction", "resume"].map((name) => [name, `plats_identity_${port}_${name}`]),
);

const provider = new Provider(issuer, {
  adapter: MemoryStore,
  clients,
  claims: { openid: ["sub"], profile: ["name", "plats_role", "plats_branches"] },
  conformIdTokenClaims: false,
  cookies: {
    names: cookieNames,
    keys: [Buffer.from(hkdfSync("sha256", secret, "", "plats identity cookies", 32)).toString("hex")],
  },
  extraTokenClaims,
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: "",
        audience,
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: "RS256" } },
      }),
    },
    rpInitiatedLogout: {
      logoutSource: (ctx, form) => html(ctx, signOutPage(form)),
      postLogoutSuccessSource: (ctx) => html(ctx, messagePage("Signed out", "You can close this page.", web)),
    },
    userinfo: { enabled: false },
  },
  findAccount,
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed("refresh_token"),
  jwks: { keys: [signingKey(setting("IDENTITY_DATA"))] },
  loadExistingGrant,
  pkce: { required: () => true },
  renderError: (ctx, { error, error_description: reason }) =>
    html(ctx, messagePage("That did not work", reason ?? error, web)),
  responseTypes: ["code"],
  ttl: {
    AccessToken: 5 * minute, // so long is the most that a role outlives being taken away
    AuthorizationCode: minute,
    ClientCredentials: 12 * hour,
    Grant: 12 * hour,
    IdToken: hour,
    Interaction: hour,
    RefreshToken: 12 * hour,
    Session: 12 * hour,
  },
});

async function showSignIn(ctx) {
  const { uid } = await provider.interactionDetails(ctx.req, ctx.res);
  html(ctx, signInPage(uid, people));
}

async function signIn(ctx, id) {
  if (!personById(id)) {
    ctx.throw(404);
  }
  const location = await provider.interactionResult(ctx.req, ctx.res, { login: { accountId: id } });
  ctx.status = 303;
  ctx.redirect(location);
}

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return new URLSearchParams(Buffer.concat(parts).toString("utf8"));
}

// A role taken away during the day is something to try out, too.
async function showPeople(ctx, id) {
  if (ctx.method === "POST" && personById(id)) {
    const asked = await body(ctx.req);
    const role = asked.get("role");
    give(id, roles.has(role) ? role : undefined, (asked.get("branches") ?? "").split(/[\s,]+/).filter(Boolean));
  }
  html(ctx, peoplePage(people, roles));
}

provider.use(async (ctx, next) => {
  if (ctx.path === "/health/ready") {
    ctx.body = { ready: true };
    return;
  }
  const [, shown, person] = ctx.path.match(/^\/(people)(?:\/(\w+))?$/) ?? [];
  if (shown) {
    await showPeople(ctx, person);
    return;
  }
  const [, interaction, id] = ctx.path.match(/^\/interaction\/([\w-]+)(?:\/(\w+))?$/) ?? [];
  if (!interaction) {
    await next();
    return;
  }
  try {
    await (ctx.method === "POST" ? signIn(ctx, id) : showSignIn(ctx));
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw error;
    ctx.status = 400;
    html(ctx, messagePage("This sign-in is over", "It took too long. Please start again.", web));
  }
});
provider.on("server_error", (_ctx, error) => console.error(error));

const server = createServer(provider.callback());
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
server.listen(port, host, () => console.log(JSON.stringify({ event: "identity_ready", issuer })));
