"""The house's import rules, read off the source: who may import whom, and the one door to each heavy library."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = ["accounts", "articles", "issues", "distribution"]
# What all apps stand on, so that it imports none of them.
FOUNDATION = {"bulletin_cms/workflow.py", "bulletin_cms/worker.py"}
# Inside an app, from the foundation up; a module may import only modules whose layer is not above its own.
LAYERS = [
    {
        "roles",
        "backends",
        "hashers",
        "richtext",
        "search",
        "dates",
        "pdf_ink",
        "pdf_pages",
        "pdf_structure",
        "claimers",
        "rendered",
        "layout",
    },
    {"models"},
    {"past", "checks", "photos", "units"},
    {"pdf_text", "pdf_speed", "pdf_fonts", "pdf_gaps", "pdf_tags", "pdf_finish", "pdf"},
    {"content", "render_limits", "rendering", "links", "emails", "notices"},
    {"inspection", "layout_check", "places"},
    {
        "proofs",
        "previews",
        "page_parts",
        "page_pictures",
        "queue",
        "sending",
        "access",
        "second_factor",
        "throttle",
        "remarks",
    },
    {"numbering", "assembly", "publishing", "recipients", "past_issues", "importing", "mailing", "receipts"},
    {"tasks"},
    {"desk", "archive", "progress", "review", "recent"},  # what the pages show, computed
    {"forms"},
    {"views", "writing", "reader_views", "management"},
    {"urls", "admin", "apps", "migrations"},
]
DOORS = {
    "ckeditor": {"articles/richtext.py"},
    "nh3": {"articles/richtext.py"},
    "weasyprint": {"issues/pdf.py", "issues/pdf_speed.py", "issues/pdf_text.py"},
    "pypdfium2": {"issues/pdf_pages.py"},
    "pikepdf": {"issues/pdf_structure.py"},
    "django.core.mail": {"distribution/emails.py", "distribution/sending.py", "accounts/notices.py"},
    "django.db.models.signals": {"bulletin_cms/apps.py"},
}
FORBIDDEN_NAMES = {"utils", "helpers", "services", "managers", "signals", "constants"}


def sources(root):
    for app in [*ORDER, "bulletin_cms"]:
        for path in sorted((root / app).rglob("*.py")):
            yield path.relative_to(root).as_posix(), path.read_text()


def imported(path, source):
    """The dotted names that a module imports, relative ones made absolute."""
    package = path.removesuffix(".py").split("/")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def layer(dotted):
    parts = dotted.split(".")
    if len(parts) < 2 or parts[0] not in ORDER:
        return None
    return next((at for at, names in enumerate(LAYERS) if parts[1] in names), None)


def is_task_of_another(app, value):
    return isinstance(value, str) and re.fullmatch(rf"(?!{app}\.)\w+\.tasks\.\w+", value) is not None


def broken_rules(root):
    for path, source in sources(root):
        app, module = path.split("/")[0], path.removesuffix(".py").replace("/", ".")
        if Path(path).stem in FORBIDDEN_NAMES:
            yield f"{path}: a name that says nothing"
        elif app in ORDER and Path(path).name != "__init__.py" and layer(module) is None:
            yield f"{path}: stands in no layer"
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
                if inner:
                    yield f"{path}:{inner[0].lineno}: an import inside a function"
                if any("receiver" in ast.unparse(decorator) for decorator in node.decorator_list):
                    yield f"{path}:{node.lineno}: a signal receiver"
            if app in ORDER and isinstance(node, ast.Constant) and is_task_of_another(app, node.value):
                yield f"{path}:{node.lineno}: names a task of another app"
        for name in imported(path, source):
            other = name.split(".")[0]
            for door, places in DOORS.items():
                if (name == door or name.startswith(door + ".")) and path not in places:
                    yield f"{path}: imports {door}, whose door is {', '.join(sorted(places))}"
            if app in ORDER:
                if other in ORDER and ORDER.index(other) > ORDER.index(app):
                    yield f"{path}: imports {other}, which stands to its right"
                if (
                    other == "bulletin_cms"
                    and not name.startswith(
                        ("bulletin_cms.workflow", "bulletin_cms.worker", "bulletin_cms.templatetags")
                    )
                    and name not in {"bulletin_cms"}
                ):
                    yield f"{path}: imports {name}, which puts the apps together"
                if (
                    other == app
                    and layer(module) is not None
                    and layer(name) is not None
                    and layer(name) > layer(module)
                ):
                    yield f"{path}: imports {name}, which lies above it"
            if path in FOUNDATION and other in ORDER:
                yield f"{path}: imports {other}"


def test_it_finds_no_broken_rule():
    assert list(broken_rules(ROOT)) == []


@pytest.mark.parametrize(
    ("path", "source", "message"),
    [
        ("articles/models.py", "from issues.models import Issue", "stands to its right"),
        ("accounts/models.py", "import distribution.models", "stands to its right"),
        ("issues/models.py", "from . import publishing", "lies above it"),
        ("issues/publishing.py", "from .views import desk", "lies above it"),
        ("issues/views.py", "import weasyprint", "whose door is"),
        ("distribution/views.py", "from django.core.mail import send_mail", "whose door is"),
        ("articles/views.py", "def view():\n    import nh3", "an import inside a function"),
        ("articles/utils.py", "", "a name that says nothing"),
        ("articles/novelties.py", "", "stands in no layer"),
        ("articles/tasks.py", "@receiver(post_save)\ndef saved(): ...", "a signal receiver"),
        ("articles/apps.py", "from django.db.models.signals import post_save", "whose door is"),
        ("issues/models.py", "notify('distribution.tasks.pump')", "a task of another app"),
        ("articles/views.py", "from bulletin_cms.views import home", "puts the apps together"),
    ],
)
def test_it_finds_a_planted_import(tmp_path, path, source, message):
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(source)

    assert [rule for rule in broken_rules(tmp_path) if message in rule]
