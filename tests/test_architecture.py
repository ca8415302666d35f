"""The house's import rules, read off the source: who may import whom, and the one door to each heavy library."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

from bulletin_cms import celery_app

ROOT = Path(__file__).resolve().parent.parent
# Who is imported by whom: none imports one that stands to its right.
ORDER = [
    "workflow",
    "typesetting",
    "accounts",
    "proofreading",
    "articles",
    "issues",
    "distribution",
    "points",
    "bulletin_cms",
]
# Inside an app: none of these is imported by a module that stands to its left. All other modules stand before tasks.
LAST = ["tasks", "forms", "views", "management", "urls", "admin", "apps", "migrations"]
DOORS = {
    "diff_match_patch": {"articles/difference.py"},
    "opencc": {"proofreading/scripts.py"},
    "css_inline": {"typesetting/web/forms.py"},
    "ckeditor": {"articles/richtext.py"},
    "nh3": {"articles/richtext.py"},
    "mammoth": {"articles/word.py"},
    "docx": {
        f"typesetting/word/{name}.py"
        for name in ("documents", "elements", "frame", "reading", "styles", "tables", "writer")
    },
    "weasyprint": {"typesetting/press/door.py", "typesetting/press/speed.py"},
    "pypdfium2": {"typesetting/reading.py"},
    "openpyxl": {"accounts/tables/reading.py"},
    # A table to be filled in and brought back, and one to keep.
    "xlsxwriter": {"accounts/tables/writing.py", "distribution/sheets.py"},
    "pikepdf": {
        "typesetting/inspection/structure.py",
        "typesetting/ofd/drawing.py",
        "typesetting/ofd/embedded.py",
        "typesetting/press/booklet.py",
    },
    "django.core.mail": {
        *(f"distribution/channels/email/{name}.py" for name in ("letter", "smtp", "files")),
        "accounts/mails.py",
    },
    "django.db.models.signals": {"bulletin_cms/apps.py"},
}
# Where a role is given permissions of all apps.
ROLES = "accounts/roles.py"
# The one view module that tells people what was refused.
REFUSALS = "accounts/views/answers.py"
# Whose pages the templates of a folder are; all others are the roof's.
FOLDERS = {"registration": "accounts", **{app: app for app in ORDER}}
RELATED = {"select_related", "prefetch_related"}
FORBIDDEN_NAMES = {"utils", "helpers", "services", "managers", "signals", "constants"}


def sources(root):
    for package in ORDER:
        for path in sorted((root / package).rglob("*.py")):
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


def place(dotted):
    """How far to the right a module stands inside its package."""
    name = dotted.split(".")[1] if "." in dotted else ""
    return LAST.index(name) + 1 if name in LAST else 0


def handles_refusals(node):
    return node.type is not None and re.search(r"\bRefused\b", ast.unparse(node.type)) is not None


def is_task_of_another(app, value):
    return isinstance(value, str) and re.fullmatch(rf"(?!{app}\.)\w+\.tasks\.\w+", value) is not None


def pages(root):
    """The templates of each app, as (path, app, source)."""
    for path in sorted((root / "templates").rglob("*.*")):
        folder = path.relative_to(root / "templates").parts[0]
        if folder in FOLDERS:
            yield path.relative_to(root).as_posix(), FOLDERS[folder], path.read_text()


def to_the_right(app):
    return ORDER[ORDER.index(app) + 1 :]


def names_to_the_right(app):
    return "|".join(to_the_right(app)) or "(?!)"


def relations_from_the_right(app):
    """The names under which models to the right hang on the models of this app."""
    for model in apps.get_models():
        if model._meta.app_label == app:
            for field in model._meta.related_objects:
                if field.related_model._meta.app_label in to_the_right(app) and not field.hidden:
                    yield field.get_accessor_name()
                    yield field.name


def upward_words(app, source):
    """What a source says of apps to its right: URL names, templates, permissions, relations."""
    names = names_to_the_right(app)
    yield from re.findall(rf"""['"](?:{names}):\w+|['"](?:{names})/\w+|\bperms\.(?:{names})\b""", source)
    if relations := "|".join(sorted(set(relations_from_the_right(app)))):
        yield from re.findall(rf"(?<!\bfrom )\.(?:{relations})\b|\b(?:{relations})__\w+|__(?:{relations})\b", source)


def upward_in_code(app, source):
    yield from upward_words(app, source)
    relations = set(relations_from_the_right(app))
    permission = re.compile(rf"(?:{names_to_the_right(app)})\.[a-z]+_[a-z_]+")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in RELATED:
            yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant) and arg.value in relations)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and permission.fullmatch(node.value):
            yield node.value


def broken_rules(root):
    for path, app, source in pages(root):
        for word in upward_words(app, source):
            yield f"{path}: {word} knows an app to its right: use a slot"
    for path, source in sources(root):
        app, module = path.split("/")[0], path.removesuffix(".py").replace("/", ".")
        if path != ROLES:
            for word in upward_in_code(app, source):
                yield f"{path}: {word} knows an app to its right"
        if Path(path).stem in FORBIDDEN_NAMES:
            yield f"{path}: a name that says nothing"
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
                if inner:
                    yield f"{path}:{inner[0].lineno}: an import inside a function"
                if any("receiver" in ast.unparse(decorator) for decorator in node.decorator_list):
                    yield f"{path}:{node.lineno}: a signal receiver"
            if (
                isinstance(node, ast.ExceptHandler)
                and "/views/" in path
                and handles_refusals(node)
                and path != REFUSALS
            ):
                yield f"{path}:{node.lineno}: tells a refusal itself: {REFUSALS} does"
            if isinstance(node, ast.Constant) and app != "bulletin_cms" and is_task_of_another(app, node.value):
                yield f"{path}:{node.lineno}: names a task of another app"
        for name in imported(path, source):
            other = name.split(".")[0]
            for door, places in DOORS.items():
                if (name == door or name.startswith(door + ".")) and path not in places:
                    yield f"{path}: imports {door}, whose door is {', '.join(sorted(places))}"
            if other in ORDER and ORDER.index(other) > ORDER.index(app):
                yield f"{path}: imports {other}, which stands to its right"
            if other == app != "bulletin_cms" and place(name) > place(module):
                yield f"{path}: imports {name}, which lies above it"


def test_it_finds_no_broken_rule():
    assert list(broken_rules(ROOT)) == []


def notified(source):
    """The names of the tasks that a module notifies."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [ast.literal_eval(call.args[0]) for call in calls if getattr(call.func, "id", "") == "notify"]


def test_each_task_that_a_worker_is_told_of_exists():
    names = {name for path, source in sources(ROOT) if path != "workflow/worker.py" for name in notified(source)}

    assert "issues.tasks.render_proof" in names
    assert names <= celery_app.tasks.keys()


# What only a worker needs.
HEAVY = {"weasyprint", "pikepdf", "fontTools", "issues.setting", "typesetting.rendering"}


def test_the_web_process_loads_no_typesetting():
    program = "import sys, bulletin_cms.wsgi, bulletin_cms.urls; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, text=True, capture_output=True, check=True
    ).stdout

    assert "issues.views.desk" in modules.split()
    assert HEAVY.isdisjoint(modules.split())


def test_the_tests_of_typesetting_know_no_app():
    """Nor does any of them ask for a database: without its fixture or mark pytest-django refuses the first query."""
    sources = {path: path.read_text() for path in sorted((ROOT / "tests" / "typesetting").rglob("*.py"))}
    known = {name.split(".")[0] for path, source in sources.items() for name in imported(path.as_posix(), source)}

    assert "typesetting" in known
    assert known.isdisjoint(set(ORDER) - {"typesetting"})


@pytest.mark.parametrize(
    ("path", "source", "message"),
    [
        ("articles/models.py", "from issues.models import Issue", "stands to its right"),
        ("accounts/models.py", "import distribution.models", "stands to its right"),
        ("issues/models/issue.py", "from ..tasks import render_proof", "lies above it"),
        ("issues/tasks.py", "from .forms import IssueForm", "lies above it"),
        ("issues/signing.py", "from .views import desk", "lies above it"),
        ("issues/views.py", "import weasyprint", "whose door is"),
        ("distribution/views/mailings.py", "from django.core.mail import send_mail", "whose door is"),
        ("articles/views/detail.py", "def view():\n    import nh3", "an import inside a function"),
        ("articles/utils.py", "", "a name that says nothing"),
        ("issues/views/desk.py", "try: ...\nexcept Refused as refused: ...", "tells a refusal itself"),
        ("articles/tasks.py", "@receiver(post_save)\ndef saved(): ...", "a signal receiver"),
        ("articles/apps.py", "from django.db.models.signals import post_save", "whose door is"),
        ("issues/models/issue.py", "notify('distribution.tasks.pump')", "a task of another app"),
        ("articles/views/detail.py", "from bulletin_cms.views import home", "stands to its right"),
        ("workflow/documents.py", "from accounts.models import User", "stands to its right"),
        ("typesetting/rendering.py", "from issues.models import Issue", "stands to its right"),
        ("articles/views/lists.py", "Article.objects.select_related('unit', 'placement')", "an app to its right"),
        ("articles/views/lists.py", "RELATED = ('placement__issue',)", "an app to its right"),
        ("articles/models/article.py", "def issue_of(article): return article.placement.issue", "an app to its right"),
        ("articles/todo.py", "user.has_perm('issues.assemble_issue')", "an app to its right"),
        ("articles/views/detail.py", "redirect('issues:desk')", "an app to its right"),
        ("accounts/views/profile.py", "render(request, 'distribution/copy.html')", "an app to its right"),
        ("issues/models/issue.py", "Q(mailing__isnull=True)", "an app to its right"),
        ("templates/articles/article_list.html", "{% url 'issues:desk' 1 %}", "use a slot"),
        ("templates/articles/article_list.html", "{{ article.placement.issue }}", "use a slot"),
        ("templates/articles/article_list.html", "{% include 'issues/_desk.html' %}", "use a slot"),
        ("templates/registration/profile.html", "{{ user.reader }}", "use a slot"),
        ("templates/issues/issue_detail.html", "{% if perms.distribution.manage_mailing %}", "use a slot"),
    ],
)
def test_it_finds_a_planted_import(tmp_path, path, source, message):
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(source)

    assert [rule for rule in broken_rules(tmp_path) if message in rule]
