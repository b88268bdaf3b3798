"""The house rules hold, and each of them bites; what is locked is what is asked for."""

import re
import tomllib

import pytest
from django.apps import apps

from mantelzorg.personal import stored_fields
from scripts import house_rules
from tests.deployment import PROJECT

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())


def findings(path: str, source: str) -> list[str]:
    return [finding.sentence for finding in house_rules.findings_in(path, source)]


def test_the_project_keeps_the_house_rules(capsys):
    assert house_rules.main() == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("intake/models.py", "Caregiver.objects.raw(question)"),
        ("intake/models.py", "Caregiver.objects.extra(where=[question])"),
        ("intake/models.py", "from django.db.models.expressions import RawSQL\nRawSQL(question, [])"),
        ("intake/models.py", "cursor.execute(f'SELECT {column}')"),
        ("intake/models.py", "cursor.execute('SELECT ' + column)"),
        ("mantelzorg/icons.py", "mark_safe(text)"),
        ("mantelzorg/icons.py", "safestring.mark_safe(text)"),
        ("intake/views.py", "@csrf_exempt\ndef view(request): pass"),
        ("overviews/views.py", "StreamingHttpResponse(rows)"),
        ("intake/views.py", "Caregiver.objects.all()"),
        ("referrals/views/today.py", "Caregiver.objects.for_user(user).filter(name=name)"),
        ("templates/base.html", '<p style="color: red">'),
        ("templates/base.html", "<style>p {color: red}</style>"),
        ("templates/base.html", "<p>\n<script>alert(1)</script>"),
        ("templates/base.html", '<a onclick="go()">'),
        ("templates/base.html", '<a hx-get="/x/">'),
        ("templates/base.html", '<script src="https://elsewhere.example/x.js"></script>'),
        ("templates/base.html", '<link href="//elsewhere.example/x.css">'),
        ("templates/base.html", "{{ text|safe }}"),
        ("templates/base.html", "{% autoescape off %}"),
        ("requirements.txt", "--index-url https://packages.example/simple"),
        ("frontend/package-lock.json", '"resolved": "https://packages.example/a.tgz"'),
    ],
)
def test_a_house_rule_bites(path, source):
    assert len(findings(path, source)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("intake/models.py", "cursor.execute('SELECT %s', [value])"),
        ("intake/models.py", "'mark_safe and .raw( in a text'"),
        ("intake/models.py", "Caregiver.objects.filter(name=name)"),
        ("intake/views.py", "Caregiver.objects.for_user(request.user)"),
        ("templates/base.html", '<script src="{% static \'portaal.js\' %}" defer></script>'),
        ("templates/base.html", '<script type="application/json">{"a": 1}</script>'),
        ("templates/base.html", '{# no style="" #}<a data-hx-get="/x/" class="once">{{ field.help_text|safe }}</a>'),
        ("templates/emails/invitation.txt", "{% autoescape off %}"),
        ("requirements.txt", "django==5.2.19 --hash=sha256:00"),
        ("frontend/package-lock.json", '"url": "https://opencollective.com/x"'),
    ],
)  # fmt: skip
def test_a_house_rule_leaves_good_habits_alone(path, source):
    assert findings(path, source) == []


def asked_for(requirements: list[str]) -> set[str]:
    return {re.match(r"[\w-]+", requirement).group().lower() for requirement in requirements}


def locked(lock: str) -> dict[str, str]:
    text = (PROJECT / lock).read_text()
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))


def test_what_is_locked_is_what_is_asked_for():
    project = PYPROJECT["project"]
    everyday, development = asked_for(project["dependencies"]), asked_for(project["optional-dependencies"]["dev"])
    embedded = asked_for(PYPROJECT["dependency-groups"]["embedded"])
    assert everyday <= set(locked("requirements.txt")), "run: make lock"
    assert everyday | development <= set(locked("requirements-dev.txt")), "run: make lock"
    assert embedded <= set(locked("requirements-embedded.txt")), "run: make lock"
    assert not development & set(locked("requirements.txt"))
    assert locked("requirements.txt").items() <= locked("requirements-dev.txt").items()


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt", "requirements-embedded.txt"])
def test_every_locked_package_has_its_hashes(lock):
    entries = re.split(r"\n(?=\S)", (PROJECT / lock).read_text().strip())
    packages = [entry for entry in entries if "==" in entry.splitlines()[0]]
    assert packages
    assert [entry.splitlines()[0] for entry in packages if "--hash=sha256:" not in entry] == []


def test_every_dependency_says_what_it_is_for():
    text = (PROJECT / "pyproject.toml").read_text()
    lines = [line for line in text.splitlines() if re.match(r'\s+"[\w\[\]-]+[=<>~]=', line)]
    assert len(lines) >= len(PYPROJECT["project"]["dependencies"])
    assert [line for line in lines if "#" not in line] == []


def test_a_reader_finds_the_licence_the_decisions_and_the_way_in():
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in (PROJECT / "LICENSE").read_text()
    readme = (PROJECT / "README.md").read_text()
    for command in ("make demo", "make test", "make check", "make bench"):
        assert command in readme
    for link in re.findall(r"(?<!!)\[[^\]]+\]\((?!http)([^)#]+)", readme):
        assert (PROJECT / link).exists(), f"README.md points at {link}, which is not there"
    decisions = sorted(path.name for path in (PROJECT / "docs" / "adr").glob("0*.md"))
    assert [name[:4] for name in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]


def knows_nobody(model) -> bool:
    """What everyone may know, and what is made anew: no column of it is about a person."""
    places = [
        "Municipality",
        "PostcodeArea",
        "Organisation",
        "Location",
        "SearchRow",
        "KnowledgeRow",
        "SearchWord",
        "TargetGroup",
        "Language",
        "Schedule",
        "ExternalId",
        "CheckItem",
        "Booklet",
    ]
    others = [
        "trail.Heartbeat",
        "referrals.LinkCode",
        "intake.LicensedItems",
        "auth.Permission",
        "auth.Group",
        "contenttypes.ContentType",
    ]
    allowed = {f"sociale_kaart.{name}" for name in places} | set(others)
    return model._meta.app_label == "knowledge" or model._meta.label in allowed


@pytest.mark.parametrize("model", [model for model in apps.get_models() if not knows_nobody(model)], ids=str)
def test_every_stored_field_is_in_the_register_or_said_to_be_about_nobody(model):
    declared = [*model.personal.fields, *model.not_personal]
    assert sorted(declared) == sorted(stored_fields(model))
