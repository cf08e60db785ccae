// Makes what the pages link to, in services/web/built: one style sheet, its fonts and icons, and what stands in
// services/web/static. Each file is served under a name that changes with its content and has compressed copies beside
// it where they are smaller; manifest.json tells from the name that a page uses the name it is served under.
// `plats build` runs this when something has changed.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { configSchema, formatThemeCSS } from "@digdir/designsystemet";
import { Features, browserslistToTargets, bundleAsync } from "lightningcss";

const root = path.join(import.meta.dirname, "../../..");
const styles = import.meta.dirname;
const statics = path.join(styles, "../static");
const built = path.join(styles, "../built");
const making = `${built}.making`;
const packages = createRequire(import.meta.url);
const entry = path.join(styles, "[entry]");

// The oldest browsers that know cascade layers. In older ones the pages are plain, and work.
const targets = browserslistToTargets(["chrome 99", "firefox 97", "safari 15.4", "ios_saf 15.4", "samsung 18"]);

// Left in as we write them: right-to-left pages depend on them, and what would stand in for them does not mirror.
const exclude = Features.LogicalProperties | Features.DirSelector | Features.LangSelectorList;

// What the pages use of Designsystemet, in its own order. Not in use, and so left out: avatar, combobox, dialog,
// dropdown, file-upload, popover, search, skeleton, spinner, suggestion, table, tabs, toggle-group, tooltip.
const components = {
  "ds.base": ["base", "heading", "label", "paragraph", "validation-message"],
  "ds.components": [
    ...["link", "data-size-workaround", "button", "input", "field", "fieldset", "alert", "skip-link", "details"],
    ...["list", "card", "chip", "divider", "pagination", "tag", "error-summary", "breadcrumbs", "badge"],
  ],
};

const fonts = [
  { name: "noto-sans", family: "Noto Sans", subsets: ["latin", "latin-ext", "cyrillic"] },
  { name: "noto-naskh-arabic", family: "Noto Naskh Arabic", subsets: ["arabic"] },
  { name: "noto-sans-ethiopic", family: "Noto Sans Ethiopic", subsets: ["ethiopic"] },
];
const weights = [400, 700];

const manifest = {};

function digest(content) {
  return createHash("sha256").update(content).digest("hex").slice(0, 12);
}

/** Keeps a file that a page or a style sheet knows by `name`. */
function keep(name, content) {
  const { name: stem, ext } = path.parse(name);
  const served = `${stem}.${digest(content)}${ext}`;
  manifest[name] = served;
  writeFileSync(path.join(making, served), content);
  if (ext !== ".woff2") compress(served, content); // a font is compressed as it is
}

function compress(served, content) {
  const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  for (const [suffix, smaller] of [["br", brotliCompressSync(content, best)], ["gz", gzipSync(content, { level: 9 })]]) {
    if (smaller.length < content.length) writeFileSync(path.join(making, `${served}.${suffix}`), smaller);
  }
}

/** Our colours, sizes and radii as custom properties, which take seconds to work out: the result is remembered. */
async function theme() {
  const config = readFileSync(path.join(styles, "theme.json"));
  const others = [import.meta.filename, path.join(root, "package-lock.json")].map((file) => readFileSync(file));
  const known = path.join(root, `node_modules/.cache/plats/theme.${digest(Buffer.concat([config, ...others]))}.css`);
  if (!existsSync(known)) {
    const [[name, wanted]] = Object.entries(configSchema.parse(JSON.parse(config)).themes);
    const css = adapted(await formatThemeCSS({ name, ...wanted }));
    mkdirSync(path.dirname(known), { recursive: true });
    writeFileSync(`${known}.making`, css);
    renameSync(`${known}.making`, known);
  }
  return readFileSync(known, "utf8");
}

/** The theme without an attribute in each page for dark mode to work, and with the weights our fonts have. */
function adapted(css) {
  return css
    .replace(/@media \(prefers-color-scheme: light\) \{[^{}]*\{[^{}]*\}\s*\}/g, "")
    .replaceAll('[data-color-scheme="auto"]', ":root")
    .replace(/(font-weight[\w-]*:) (500|600)/g, "$1 700");
}

/** Keeps the fonts; gives the rules that tell a browser which of them it needs for the letters of a page. */
function fontFaces() {
  const faces = [];
  for (const { name, family, subsets } of fonts) {
    const ranges = packages(`@fontsource/${name}/unicode.json`);
    for (const subset of subsets) {
      for (const weight of weights) {
        const file = `${name}-${subset}-${weight}`;
        keep(`${file}.woff2`, readFileSync(packages.resolve(`@fontsource/${name}/files/${file}-normal.woff2`)));
        faces.push(`@font-face {
          font-family: "${family}"; font-style: normal; font-weight: ${weight}; font-display: swap;
          src: url("${file}.woff2") format("woff2"); unicode-range: ${ranges[subset]};
        }`);
      }
    }
  }
  return faces;
}

async function entrySheet() {
  const imports = Object.entries(components).flatMap(([layer, names]) =>
    names.map((name) => `@import "@digdir/designsystemet-css/${name}.css" layer(${layer});`),
  );
  return [
    "@layer ds.theme, ds.base, ds.components, plats;",
    ...imports,
    '@import "./plats.css" layer(plats);',
    ...fontFaces(),
    await theme(),
  ].join("\n");
}

/** Where something is served that a style sheet names; an icon that is written out in it becomes a file, since our
 *  Content-Security-Policy takes images from files only. */
function address({ url, loc }) {
  const [, icon] = url.match(/^data:image\/svg\+xml[^,]*,(.*)/s) ?? [];
  const name = icon ? `icon-${digest(icon)}.svg` : url;
  if (icon) keep(name, decodeURIComponent(icon));
  if (!(name in manifest)) throw new Error(`url(${url}) in line ${loc.line}: no such file in services/web/static`);
  return `/static/${manifest[name]}`;
}

async function styleSheet(sheet) {
  const { code, warnings } = await bundleAsync({
    filename: entry,
    minify: true,
    targets,
    exclude,
    visitor: { Url: (url) => ({ ...url, url: address(url) }) },
    resolver: {
      read: (file) => (file === entry ? sheet : readFileSync(file, "utf8")),
      resolve: (name, from) =>
        name.startsWith(".") ? path.resolve(path.dirname(from), name) : packages.resolve(name),
    },
  });
  for (const { message, loc } of warnings) throw Object.assign(new Error(message), { fileName: loc.filename, loc });
  return code;
}

async function build() {
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making);
  for (const name of readdirSync(statics).sort()) keep(name, readFileSync(path.join(statics, name)));
  keep("plats.css", await styleSheet(await entrySheet()));
  // What only staff and those who help see comes on top, in sheets of their own: no visitor's phone has to load it.
  keep("staff.css", await styleSheet('@import "./staff.css" layer(plats);'));
  keep("volunteer.css", await styleSheet('@import "./volunteer.css" layer(plats);'));
  writeFileSync(path.join(making, "manifest.json"), JSON.stringify(manifest, null, 2));
  rmSync(built, { recursive: true, force: true });
  renameSync(making, built);
}

try {
  await build();
} catch (error) {
  const { fileName, loc, message } = error;
  console.error(fileName ? `${fileName}:${loc?.line}:${loc?.column}: ${message}` : error);
  process.exitCode = 1;
}
