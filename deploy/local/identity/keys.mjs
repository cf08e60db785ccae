// The signing key is made once and kept, so that tokens stay valid over a restart.

import { createHash, generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

function newKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ format: "jwk" });
  const kid = createHash("sha256").update(key.n).digest("base64url").slice(0, 16);
  return { ...key, kid, use: "sig", alg: "RS256" };
}

// Written beside and moved into place, so that a crash leaves the whole key or none.
function keepNewKey(folder, path) {
  const draft = join(folder, `${randomUUID()}.tmp`);
  writeFileSync(draft, JSON.stringify(newKey()), { mode: 0o600, flush: true });
  renameSync(draft, path);
}

export function signingKey(folder) {
  const path = join(folder, "signing-key.json");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  keepNewKey(folder, path);
  return JSON.parse(readFileSync(path, "utf8"));
}
