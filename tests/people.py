"""The units and people of the tests: made once, they stand in the database from the start."""

from types import SimpleNamespace

from accounts.models import RoleAssignment, Tier, Unit, User
from tests.factories import make_unit, make_user

UNITS = {
    "bureau": ("上海市邮政管理局", "上海局", Tier.BUREAU, 1),
    "qingpu": ("青浦邮政管理局", "青浦局", Tier.BRANCH, 10),
    "baoshan": ("宝山邮政管理局", "宝山局", Tier.BRANCH, 20),
    "post": ("中国邮政集团有限公司上海市分公司", "上海邮政", Tier.POST, 50),
    "yunda": ("上海韵达货运有限公司", "韵达", Tier.COURIER, 60),
}
PEOPLE = {
    "lin": ("林向晚", "contributor", "qingpu"),
    "zhao": ("赵知远", "contributor", "baoshan"),
    "he": ("贺思齐", "approver", "qingpu"),
    "lu": ("陆一鸣", "editor", "bureau"),
    "gu": ("顾文岚", "chief_editor", "bureau"),
    "fang": ("方维舟", "signer", "bureau"),
    "tang": ("唐若谷", "distributor", "bureau"),
    "shen": ("沈读之", "reader", "yunda"),
    "admin": ("管理员", "administrator", "bureau"),
}


def make_office():
    """The units and people of the tests. They go without approvals: whoever tests these switches them on."""
    for name, short_name, tier, position in UNITS.values():
        make_unit(name, short_name, tier, position=position, approval=Unit.Approval.NEVER)
    units = office_units()
    for username, (name, role, unit) in PEOPLE.items():
        make_user(username, name, role, unit=getattr(units, unit), is_staff=role == "administrator")


def leave_the_office():
    """Nobody and no unit is there any more: for what begins with nothing."""
    RoleAssignment.objects.all().delete()
    User.objects.all().delete()
    Unit.objects.all().delete()


def office_units():
    """unit of UNITS by its name there, as attributes."""
    rows = {unit.short_name: unit for unit in Unit.objects.all()}
    return SimpleNamespace(**{key: rows[short_name] for key, (_name, short_name, *_rest) in UNITS.items()})


def office_people(units):
    """user of PEOPLE by user name, as attributes; their units are those given."""
    rows = {user.username: user for user in User.objects.filter(username__in=PEOPLE)}
    for username, (_name, _role, unit) in PEOPLE.items():
        rows[username].unit = getattr(units, unit)
    return SimpleNamespace(**rows)
