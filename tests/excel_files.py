"""Tables of Excel for tests, made with openpyxl as a person's program would."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts.tables import importing
from accounts.tables.table import find

READERS = ["单位名称", "部门或姓名", "所属单位", "邮箱", "账户", "接收新的一期"]
USERS = ["用户名", "姓名", "单位", "手机", "邮箱", "角色", "可登录"]
UNITS = ["全称", "简称", "层级", "层级内次序", "起用日", "停用日", "单位审签"]


def book(*lines, change=None):
    """The bytes of a file with these lines; `change` gets the sheet before it is saved."""
    workbook = Workbook()
    for line in lines:
        workbook.active.append(line)
    if change:
        change(workbook.active)
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def many_readers(count, start=1):
    return [
        [f"第{n}快递服务公司", "党群工作部", "青浦局", f"reader{n}@example.cn", "", "是"]
        for n in range(start, start + count)
    ]


def lines_of(data):
    """What Excel would show of the first sheet, without the empty cells at the end."""
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    return [["" if cell is None else cell for cell in line] for line in sheet.iter_rows(values_only=True)]


def uploaded(table, *lines, by, change=None):
    return importing.upload(find(table), book(*lines, change=change), "表.xlsx", by=by)


def store(wanted, *, by, **options):
    return importing.store(wanted, by=by, seen=importing.check(wanted, by=by).digest, **options)


def taken_in(table, *lines, by, **options):
    """Uploaded and stored as it is."""
    return store(uploaded(table, *lines, by=by), by=by, **options)


def post(client, table, data, name="表.xlsx"):
    """The page that follows when a file is sent."""
    address = reverse("accounts:table_upload", args=[table])
    return client.post(address, {"file": SimpleUploadedFile(name, data)}, follow=True)


def states(wanted, by):
    return [each.state for each in importing.check(wanted, by=by).checked]


def faults(wanted, by):
    """(line, column, sentence) of each."""
    checked = importing.check(wanted, by=by).checked
    return [(each.number, name, words) for each in checked for name, words in sorted(each.faults.items())]


def queries_of(act):
    """What it gives, and how many queries it asked."""
    with CaptureQueriesContext(connection) as queries:
        result = act()
    return result, len(queries)
