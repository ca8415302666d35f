from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from typesetting.fonts import cutting, roles

ROLES = {
    roles.BODY: gettext_lazy("仿宋 body"),
    roles.TITLE: gettext_lazy("小标宋 titles"),
    roles.MASTHEAD: gettext_lazy("小标宋 masthead"),
    roles.KAI: "楷体",
    roles.HEI: "黑体",
    roles.SONG: gettext_lazy("宋体 page numbers"),
}


class Command(BaseCommand):
    help = "Say which font serves each role of the page and what is missing; --cut makes the small fonts for speed."

    def add_arguments(self, parser):
        parser.add_argument("--cut", action="store_true", help="cut the fonts to GB 2312 and the usual rare names")

    def handle(self, *, cut, **options):
        if cut:
            try:
                for path in cutting.cut_all():
                    self.stdout.write(f"{path} {path.stat().st_size // 1024} KB")
            except cutting.CannotCut as error:
                raise CommandError(_("The fonts can't be cut: %(why)s") % {"why": error}) from error
        missing = [role for role in ROLES if not self._report(role)]
        if missing:
            raise CommandError(
                _("No font serves %(roles)s. Run make demo, or put one into FONT_DIR.")
                % {"roles": "、".join(str(ROLES[role]) for role in missing)}
            )

    def _report(self, role: str) -> bool:
        face = roles.whole_face(role)
        stack = roles.STACKS[role]
        before = stack[: stack.index(face.family)] if face else stack
        is_cut = bool(face) and roles.faces(role)[0].family.endswith(roles.CUT)
        name = face.family if face else _("missing")
        self.stdout.write(f"{ROLES[role]}：{name}" + (_(" (cut)") if is_cut else ""))
        if face:
            self.stdout.write(f"    {face.file}")
        if before:
            self.stdout.write("    " + _("not installed: %(names)s") % {"names": "、".join(before)})
        return face is not None
