// Makes what the pages link to, in services/web/built: one style sheet, the fonts, and what stands in services/web/static,
// each under a name that changes with its content, with a compressed copy beside it where that is smaller, and
// manifest.json, which tells the name a page uses from the name it is served under. Run by `plats build`.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { configSchema, formatThemeCSS } from "@digdir/designsystemet";
import { Features, browserslistToTargets, bundleAsync } from "lightningcss";

const styles = import.meta.dirname;
const statics = path.join(styles, "../static");
const built = path.join(styles, "../built");
const making = `${built}.${process.pid}`;
const packages = createRequire(import.meta.url);
const entry = path.join(styles, "[entry].css");

// The oldest browsers that know cascade layers. An older one shows the pages plain, and they work.
const targets = browserslistToTargets(["chrome 99", "and_chr 99", "firefox 97", "safari 15.4", "ios_saf 15.4", "samsung 18"]);

// What the pages use of Designsystemet, in its own order. Left out, since nothing uses it: avatar, combobox, dialog,
// dropdown, file-upload, popover, search, skeleton, spinner, suggestion, table, tabs, toggle-group, tooltip.
const components = {
  "ds.base": ["base", "heading", "label", "paragraph", "validation-message"],
  "ds.components": [
    "link", "data-size-workaround", "button", "input", "field", "fieldset", "alert", "skip-link", "details", "list",
    "card", "chip", "divider", "pagination", "tag", "error-summary", "breadcrumbs", "badge",
  ],
};

const fonts = [
  { name: "noto-sans", family: "Noto Sans", subsets: ["latin", "latin-ext", "cyrillic"] },
  { name: "noto-naskh-arabic", family: "Noto Naskh Arabic", subsets: ["arabic"] },
  { name: "noto-sans-ethiopic", family: "Noto Sans Ethiopic", subsets: ["ethiopic"] },
];
const weights = [400, 700];

const manifest = {};

// Keeps a file under its own name and its content's; gives the name it is served under.
async function keep(name, content) {
  const { name: stem, ext } = path.parse(name);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const served = `${stem}.${hash}${ext}`;
  manifest[name] = served;
  await writeFile(path.join(making, served), content);
  if (ext !== ".woff2") {
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
    await keepSmaller(`${served}.br`, brotliCompressSync(content, quality), content.length);
    await keepSmaller(`${served}.gz`, gzipSync(content, { level: 9 }), content.length);
  }
  return served;
}

async function keepSmaller(name, compressed, size) {
  if (compressed.length < size) await writeFile(path.join(making, name), compressed);
}

async function keepStatics() {
  for (const name of (await readdir(statics)).sort()) await keep(name, await readFile(path.join(statics, name)));
}

// Our theme takes seconds to make and changes seldom: a copy stays among npm's packages, which go when the lock changes.
async function theme() {
  const config = await readFile(path.join(styles, "theme.json"));
  const folder = path.join(packages.resolve("@digdir/designsystemet"), "../../../../../.cache/plats");
  const copy = path.join(folder, `theme.${createHash("sha256").update(config).digest("hex")}.css`);
  if (existsSync(copy)) return readFile(copy, "utf8");
  const [[name, wanted]] = Object.entries(configSchema.parse(JSON.parse(config)).themes);
  const css = await formatThemeCSS({ name, ...wanted });
  await mkdir(folder, { recursive: true });
  await writeFile(`${copy}.${process.pid}`, css);
  await rename(`${copy}.${process.pid}`, copy);
  return css;
}

async function fontFaces() {
  const faces = [];
  for (const { name, family, subsets } of fonts) {
    const ranges = JSON.parse(await readFile(packages.resolve(`@fontsource/${name}/unicode.json`)));
    for (const subset of subsets) {
      for (const weight of weights) {
        const file = packages.resolve(`@fontsource/${name}/files/${name}-${subset}-${weight}-normal.woff2`);
        const served = await keep(`${name}-${subset}-${weight}.woff2`, await readFile(file));
        faces.push(`@font-face {
          font-family: "${family}"; font-style: normal; font-weight: ${weight}; font-display: swap;
          src: url("${served}") format("woff2"); unicode-range: ${ranges[subset]};
        }`);
      }
    }
  }
  return faces.join("\n");
}

async function entrySheet() {
  const imports = Object.entries(components).flatMap(([layer, names]) =>
    names.map((name) => `@import "@digdir/designsystemet-css/${name}.css" layer(${layer});`),
  );
  return [
    "@layer ds.theme, ds.base, ds.components, plats;",
    ...imports,
    '@import "./plats.css" layer(plats);',
    await theme(),
    await fontFaces(),
  ].join("\n");
}

// Designsystemet's icons are data: addresses, which our Content-Security-Policy refuses: they become files.
// Our own sheets name files of services/web/static, which have got other names by now.
function urls() {
  const icons = new Map();
  const icon = (url) => {
    if (!icons.has(url)) icons.set(url, decodeURIComponent(url.slice(url.indexOf(",") + 1)));
    const hash = createHash("sha256").update(icons.get(url)).digest("hex").slice(0, 12);
    return `/static/icon.${hash}.svg`;
  };
  return { icons, icon };
}

async function styleSheet() {
  const sheet = await entrySheet();
  const { code } = await bundleAsync({
    filename: entry,
    minify: true,
    targets,
    exclude: Features.LogicalProperties | Features.DirSelector | Features.LangSelectorList,
    resolver: {
      read: (file) => (file === entry ? sheet : readFile(file, "utf8")),
      resolve: (specifier, from) =>
        specifier.startsWith(".") ? path.resolve(path.dirname(from), specifier) : packages.resolve(specifier),
    },
  });
  return code;
}
