"""What is written in style sheets and templates, and what the build makes of it."""

import json
import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[3] / "services" / "web"
BUILT = WEB / "built"
DESIGNSYSTEMET = WEB.parents[1] / "node_modules" / "@digdir" / "designsystemet-css" / "dist" / "src"
SHEETS = sorted((WEB / "styles").glob("*.css"))
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))

SIDES = "(?:left|right|top|bottom)"
PHYSICAL = (
    rf"(?:margin|padding|border|scroll-margin|scroll-padding)-{SIDES}(?:-\w+)*",
    rf"border-(?:top|bottom)-(?:left|right)-radius|{SIDES}",
    r"(?:min-|max-)?(?:width|height)",
)
DECLARATION = re.compile(r"(?:^|[;{}])\s*([\w-]+)\s*:\s*([^;{}]+)")
TURNED = {"text-align", "float", "clear"}
ROUND = {"margin", "padding", "inset", "border-width", "border-style", "border-color"}
"""Properties that go round the box, with the sides that swap as second and fourth."""

INLINE = re.compile(
    r"\s(?:style|on[a-z]+)\s*=|<style\b|javascript:|<script\b(?![^>]*\b(?:src=|type=\"application/ld\+json\"))"
)
CLASSES = re.compile(r"\bds-[a-z]+(?:-[a-z]+)*\b")


def declarations(sheet: str) -> list[tuple[str, str]]:
    """Properties and their values, comments and the conditions of media queries left out."""
    bare = re.sub(r"/\*.*?\*/|@(?:media|supports|container)[^{]*", "", sheet, flags=re.DOTALL)
    return [(found[1], found[2].strip()) for found in DECLARATION.finditer(bare)]


def is_physical(name: str, value: str) -> bool:
    """Whether it names a side, and so would not mirror on a page written from right to left."""
    if any(re.fullmatch(pattern, name) for pattern in PHYSICAL):
        return True
    if name in TURNED:
        return value.split(maxsplit=1)[0] in {"left", "right"}
    parts = value.split()
    return name in ROUND and "(" not in value and len(parts) == 4 and parts[1] != parts[3]


@pytest.mark.parametrize(
    ("declaration", "physical"),
    [
        ("margin-left: 1px", True),
        ("border-top-right-radius: 0", True),
        ("left: 0", True),
        ("min-width: 3rem", True),
        ("text-align: right", True),
        ("padding: 1px 2px 3px 4px", True),
        ("padding: 1px 2px 3px 2px", False),
        ("margin-inline-start: 1px", False),
        ("text-align: start", False),
        ("min-inline-size: 3rem", False),
        ("border-block-end: 1px solid", False),
        ("text-decoration-style: solid", False),
    ],
)
def test_what_names_a_side_is_recognised(declaration: str, physical: bool) -> None:  # noqa: FBT001 - what is expected
    [(name, value)] = declarations(f"@media (min-width: 1px) {{ .a {{ {declaration}; }} }}")
    assert is_physical(name, value) is physical


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_our_styles_mirror_for_pages_written_from_right_to_left(sheet: Path) -> None:
    """Fails with a margin-left, a text-align: right, a width."""
    assert [f"{name}: {value}" for name, value in declarations(sheet.read_text()) if is_physical(name, value)] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.stem)
def test_pages_hold_no_style_and_no_script_of_their_own(template: Path) -> None:
    """The Content-Security-Policy would refuse it. Fails with a style attribute, an onclick, a script without src."""
    html = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", template.read_text(), flags=re.DOTALL)
    assert INLINE.findall(html) == []


@pytest.fixture(scope="module")
def manifest() -> dict[str, str]:
    """What is served, by the names that pages know."""
    found: dict[str, str] = json.loads((BUILT / "manifest.json").read_text())
    return found


@pytest.fixture(scope="module")
def css(manifest: dict[str, str]) -> str:
    return (BUILT / manifest["plats.css"]).read_text()


def test_our_styles_have_the_last_word(css: str) -> None:
    """Fails when a layer is first named elsewhere than in the order we want."""
    named = re.findall(r"@layer ([\w.-]+)", css)
    assert list(dict.fromkeys(layer if layer == "plats" else ".".join(layer.split(".")[:2]) for layer in named)) == [
        "ds.theme",
        "ds.base",
        "ds.components",
        "plats",
    ]


def test_dark_mode_needs_nothing_of_the_page(css: str) -> None:
    """Fails when the theme waits for Designsystemet's attribute on each page."""
    dark = re.search(r"@media \(prefers-color-scheme:dark\)\{:root\{[^}]*--ds-color-neutral-background-default", css)
    assert dark
    assert '[data-color-scheme="auto"]' not in css
    assert "[data-color-scheme=auto]" not in css


def test_logical_properties_reach_the_browser_as_they_are(css: str) -> None:
    """Fails when the builder puts left and right in their place, chosen by a list of languages from Avestan on."""
    assert "inset-inline-start:" in css
    assert not re.search(r":lang\(\"?ae\b", css)


def test_all_that_the_style_sheet_names_is_served(css: str, manifest: dict[str, str]) -> None:
    """Fails when an icon stays in the sheet, which the Content-Security-Policy refuses, or a font has got no file."""
    urls = set(re.findall(r"url\(([^)]*)\)", css))
    assert urls <= {f"/static/{served}" for served in manifest.values()}
    assert any(url.endswith(".woff2") for url in urls)


def test_text_has_only_weights_that_we_have_fonts_for(css: str) -> None:
    """Fails when Designsystemet's 500 comes through, which a browser would show as 400: no bold headings."""
    assert set(re.findall(r"font-weight[\w-]*:(\d+)", css)) == {"400", "700"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.stem)
def test_components_that_pages_use_are_in_the_style_sheet(template: Path, css: str) -> None:
    """Fails when a page uses a component that ``build.mjs`` leaves out, or misspells one."""
    components, _, _ = css.partition("@layer plats")
    listed = (WEB / "styles" / "build.mjs").read_text()
    for name in set(CLASSES.findall(template.read_text())):
        assert f".{name}" in components
        component = name.removeprefix("ds-")
        assert f'"{component}"' in listed or not (DESIGNSYSTEMET / f"{component}.css").exists()


def test_a_first_visit_is_light(manifest: dict[str, str]) -> None:
    """Of 100 kB, style and the fonts of Swedish and English leave 40 to page and script, even with gzip alone."""
    style = (BUILT / f"{manifest['plats.css']}.gz").stat().st_size
    fonts = [(BUILT / manifest[f"noto-sans-latin-{weight}.woff2"]).stat().st_size for weight in (400, 700)]
    assert style + sum(fonts) <= 60_000
    assert (BUILT / f"{manifest['plats.css']}.br").stat().st_size < style
