"""The rules of this house that no other tool knows: `python -m scripts.house_rules`, part of `make check`.

Each finding is a file, a line and a sentence. tests/test_project.py shows that every rule bites.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ROOMS = ["mantelzorg", "trail", "knowledge", "sociale_kaart", "accounts", "intake", "referrals", "overviews"]

FORBIDDEN_NAMES = {
    "mark_safe": "marks text as HTML by hand: use format_html or a template",
    "SafeString": "marks text as HTML by hand: use format_html or a template",
    "csrf_exempt": "opens a form to other sites",
    "StreamingHttpResponse": "leaves the transaction of the request: rows would be read unlogged",
    "RawSQL": "is raw SQL: write an expression",
}
FORBIDDEN_METHODS = {
    "raw": "is raw SQL: write a queryset",
    "extra": "is raw SQL: write an annotation",
}

CSP = "which the Content-Security-Policy refuses"
INLINE_SCRIPT = r"""<script(?![^>]*(\ssrc=|\stype="application/json"))[^>]*>"""
ELSEWHERE = r"""<(script|link|img|iframe|source)\b[^>]*\b(src|href)\s*=\s*["']?(https?:)?//"""
UNESCAPED = (
    r"""(?<!help_text)\|\s*safe\b|autoescape\s+off"""  # help texts are ours, from forms.py, never typed by anyone
)
HTML_RULES = [
    (re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE), f"has an inline style, {CSP}"),
    (re.compile(INLINE_SCRIPT, re.IGNORECASE), f"has an inline script, {CSP}"),
    (re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE), f"has an inline event handler, {CSP}"),
    (re.compile(r"(?<![-\w])hx-[a-z]"), "has an hx- attribute: write data-hx-, which is valid HTML"),
    (re.compile(ELSEWHERE, re.IGNORECASE), "loads something from another site"),
    (re.compile(UNESCAPED), "switches escaping off"),
]


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.sentence}"


def python_findings(path: str, source: str) -> Iterator[Finding]:
    in_views = re.search(r"/views(\.py|/)", path) is not None
    for node in ast.walk(ast.parse(source)):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name in FORBIDDEN_NAMES:
            yield Finding(path, node.lineno, f"{name} {FORBIDDEN_NAMES[name]}")
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        method, target = node.func.attr, node.func.value
        if method in FORBIDDEN_METHODS:
            yield Finding(path, node.lineno, f".{method}() {FORBIDDEN_METHODS[method]}")
        if method == "execute" and node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
            yield Finding(path, node.lineno, "SQL is put together from pieces: pass values as parameters")
        if in_views and method == "all" and isinstance(target, ast.Attribute) and target.attr == "objects":
            yield Finding(path, node.lineno, "objects.all() in a view: start from for_user or a named queryset method")
        if in_views and method in {"filter", "exclude"}:
            yield Finding(path, node.lineno, f".{method}() in a view: give the question a name in the queryset")


def html_findings(path: str, source: str) -> Iterator[Finding]:
    without_comments = re.sub(r"\{#.*?#\}", "", source)
    for rule, sentence in HTML_RULES:
        for match in rule.finditer(without_comments):
            yield Finding(path, without_comments.count("\n", 0, match.start()) + 1, sentence)


def lock_findings(path: str, source: str) -> Iterator[Finding]:
    for number, line in enumerate(source.splitlines(), start=1):
        if "://" in line and not re.match(r"\s*(#|\"(url|homepage|funding)\":)", line):
            yield Finding(path, number, "a lock names the address of an index")


def committed_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.split("\0") if name and (PROJECT / name).is_file()]


def findings_in(path: str, source: str) -> Iterator[Finding]:
    room, _, rest = path.partition("/")
    if path.endswith(".py") and room in ROOMS and not rest.startswith("migrations/"):
        yield from python_findings(path, source)
    elif path.endswith((".html", ".svg")) and room == "templates" and not rest.startswith("emails/"):
        yield from html_findings(path, source)
    elif re.match(r"requirements.*\.txt$|.*package-lock\.json$", path):
        yield from lock_findings(path, source)


def main() -> int:
    findings = sorted(
        finding
        for path in committed_files()
        if path.endswith((".py", ".html", ".svg", ".txt", ".json"))
        for finding in findings_in(path, (PROJECT / path).read_text(errors="replace"))
    )
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
