"""验证.py names every fault that was planted in a package, in the zip and unpacked, and says what it can't know."""

import json
import os
import zipfile
from io import BytesIO

import pytest

from distribution.archiving.papers import CONTENT, MANIFEST, METADATA, VERIFIER
from tests.distribution.packages import files_of, listed_anew, packed, rich_package, verify

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PDF = "原件/2026年第10期.pdf"
TRUE, WHOLE, USABLE, SAFE = "真实性", "完整性", "可用性", "安全性"


@pytest.fixture
def package(request):
    return rich_package(request)


@pytest.fixture
def files(package):
    return files_of(package.data)


def named(files, ending):
    return next(name for name in files if name.endswith(ending))


def altered(data):
    """One byte of it, the last but one."""
    return data[:-2] + bytes([data[-2] ^ 1]) + data[-1:]


def write_zip(tmp_path, data, name="归档包.zip"):
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


def write_folder(tmp_path, files, name="归档包"):
    for each, data in files.items():
        path = tmp_path / name / each
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / name


def verdicts(words):
    """The verdict on each quality of the first package."""
    lines = [line.strip().split("：", 1) for line in words.splitlines() if line.startswith("  ") and line[2] != " "]
    return dict(reversed([(name, verdict) for name, verdict in lines]))


# --- a package without a fault ----------------------------------------------------------------------------------------
def test_a_whole_package_has_passed_but_for_what_others_have_to_give(package, tmp_path):
    code, words = verify(
        write_zip(tmp_path, package.data), "--sha256", package.codes.sha256, "--sm3", package.codes.sm3
    )

    assert code == 0
    assert "未通过" not in words
    assert "通过　清单与登记的校验码一致" in words
    assert verdicts(words) == {TRUE: "待补", WHOLE: "待补", USABLE: "通过", SAFE: "待补"}
    assert "保管期限" in words


def test_unpacked_it_is_checked_from_within(files, tmp_path):
    folder = write_folder(tmp_path, files)
    code, words = verify(source=folder / VERIFIER)

    assert code == 0
    assert "待补　清单与登记的校验码一致：没有给出登记的校验码" in words


# --- one fault, in the zip and unpacked -------------------------------------------------------------------------------
def change(name, data):
    return lambda files: files | {name: data(files[name])}


def change_one(ending):
    return lambda files: files | {named(files, ending): altered(files[named(files, ending)])}


def add(name, data=b"x\r\n", *, is_listed=False):
    return lambda files: (listed_anew if is_listed else dict)(files | {name: data})


def without(ending, *, is_listed=False):
    return lambda files: (listed_anew if is_listed else dict)(
        {name: data for name, data in files.items() if not name.endswith(ending)}
    )


def renamed(files):
    return {"原件/正式文件.pdf" if name == PDF else name: data for name, data in files.items()}


def retitled(files):
    return listed_anew(
        change(METADATA, lambda data: data.replace("安全培训</摘要>".encode(), "表彰</摘要>".encode()))(files)
    )


def resigned(files):
    """Another content, and metadata that agree with it, in a list that agrees with both."""
    return listed_anew(
        change(CONTENT, lambda data: data.replace("安全公示".encode(), b"").replace(b"2026", b"2027"))(files)
    )


def wrong_hash(files):
    """SHA-256 where SM3 has to be."""
    lines = [line.split("\t") for line in files[MANIFEST].decode().splitlines()]
    return files | {MANIFEST: "".join("\t".join([line[0], *line[:1], *line[2:]]) + "\n" for line in lines).encode()}


def numbered_wrongly(files):
    return listed_anew(
        change(METADATA, lambda data: data.replace("<发文字号>2026".encode(), "<发文字号>2025".encode()))(files)
    )


def with_entities(files):
    laughs = b'<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]>'
    return listed_anew(change(METADATA, lambda data: data.replace(b"?>", b"?>" + laughs, 1))(files))


FAULTS = {
    "a byte of the PDF": (change(PDF, altered), TRUE, f"{PDF}：SHA-256 不是签发时的"),
    "a byte of the PDF, against the list": (change(PDF, altered), WHOLE, f"{PDF}：SHA-256 与清单不符"),
    "a byte of the content": (change(CONTENT, altered), TRUE, f"{CONTENT}：SHA-256 不是签发时的"),
    "a byte of a Word file": (change_one(".docx"), WHOLE, "稿件.docx：SHA-256 与清单不符"),
    "a byte of a photo": (change_one("01.jpg"), WHOLE, "照片/01.jpg：SM3 与清单不符"),
    "a byte of a version": (change_one("第02版.txt"), WHOLE, "第02版.txt：SHA-256 与清单不符"),
    "a byte of a redline": (change_one("花脸稿.html"), WHOLE, "花脸稿.html：SHA-256 与清单不符"),
    "a byte of a table": (change_one("签收.csv"), WHOLE, "分发与签收.csv：SHA-256 与清单不符"),
    "a byte of the sign-off sheet": (change_one("签发单.txt"), WHOLE, "签发单.txt：SHA-256 与清单不符"),
    "a byte of 验证.py": (change_one(VERIFIER), WHOLE, f"{VERIFIER}：SHA-256 与清单不符"),
    "a file is missing": (without("批注.csv"), WHOLE, "缺文件：过程/批注.csv"),
    "a needed file is missing and not listed": (without("审稿经过.csv", is_listed=True), WHOLE, "缺 过程/审稿经过.csv"),
    "an article's redline is missing": (without("宝山局安全培训/花脸稿.html", is_listed=True), WHOLE, "第 2 篇缺 花脸稿.html"),
    "the PDF is missing": (without(".pdf", is_listed=True), WHOLE, "原件/ 里没有 PDF"),
    "the list is missing": (without(MANIFEST), WHOLE, f"没有 {MANIFEST}"),
    "the metadata are missing": (without(METADATA), TRUE, "没能查完"),
    "a foreign file": (add("过程/广告.txt"), SAFE, "没有清单以外的文件：过程/广告.txt"),
    "a renamed file": (renamed, SAFE, "没有清单以外的文件：原件/正式文件.pdf"),
    "a line of the list": (change(MANIFEST, lambda data: data.replace(b"\t", b" ", 1)), WHOLE, "第 2 行不合格式"),
    "a line of the list twice": (change(MANIFEST, lambda data: data + data.splitlines(True)[1]), WHOLE, "行重复"),
    "the head of the list": (change(MANIFEST, lambda data: data.replace(b" 1", b" 2", 1)), WHOLE, "开头或末尾不对"),
    "another digest than SM3": (wrong_hash, WHOLE, "SM3 与清单不符"),
    "a title in the metadata": (retitled, TRUE, "内容描述/摘要 是"),
    "a number in the metadata": (numbered_wrongly, TRUE, "公文核心元数据/发文字号 是“2025年"),
    "another content": (resigned, TRUE, f"{CONTENT}：SHA-256 不是签发时的"),
    "metadata that are no XML": (change(METADATA, lambda data: data[:-9]), USABLE, f"{METADATA}：打不开"),
    "metadata with entities": (with_entities, USABLE, f"{METADATA}：打不开（有 DOCTYPE）"),
    "an empty PDF": (change(PDF, lambda _data: b""), USABLE, f"{PDF}：是空的"),
    "half a PDF": (change(PDF, lambda data: data[:20]), USABLE, f"{PDF}：不是完整的 PDF"),
    "a photo that is none": (add("过程/01 x/照片/01.jpg", b"GIF89a"), USABLE, "01.jpg：内容和扩展名不符"),
    "a Word file that is none": (add("过程/01 x/原稿/1-a.docx", b"PK\x03\x04"), USABLE, "1-a.docx：打不开"),
    "a format not to be kept": (add("过程/录像.mp4", is_listed=True), USABLE, "录像.mp4：不是长期保存用的格式"),
    "a table with a torn line": (change("过程/批注.csv", lambda data: data + b"x\r\n"), USABLE, "批注.csv：各行的列数不同"),
    "a text that is no UTF-8": (add("过程/a.txt", b"\xb9\xab\xb8\xe6"), USABLE, "a.txt：打不开"),
    "a program": (add("过程/a.txt", b"MZ\x90", is_listed=True), SAFE, "a.txt：是可执行的程序"),
    "a script in a page": (add("过程/a.html", b"<script>1</script>", is_listed=True), SAFE, "网页里有可执行的内容"),
    "a macro": (add("a.docx", packed([("word/vbaProject.bin", b"x")]), is_listed=True), SAFE, "Word 文件里有宏"),
    "a name that is none on Windows": (add("过程/con.txt", is_listed=True), SAFE, "过程/con.txt：文件名在 Windows 上不能用"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_named(fault, files, tmp_path):
    plant, quality, expected = FAULTS[fault]
    planted = plant(files)
    assert planted != files

    for path in (write_zip(tmp_path, packed(planted.items())), write_folder(tmp_path, planted)):
        code, words = verify(path)
        assert (code, verdicts(words)[quality]) == (1, "未通过"), words
        assert expected in words


# --- faults of the zip alone ------------------------------------------------------------------------------------------
def twice(files):
    return packed([*files.items(), (PDF, files[PDF])])


def linked(files):
    file = BytesIO(packed(files.items()))
    with zipfile.ZipFile(file, "a") as archive:
        entry = zipfile.ZipInfo("过程/link.txt")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return file.getvalue()


def encrypted(files):
    """Its flags say so, in the entry and in the directory."""
    data = bytearray(packed(list(files.items())[:1]))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    return bytes(data)


ZIP_FAULTS = {
    "cut off": (lambda files: packed(files.items())[:-300], WHOLE, "打不开（结尾不对：没有传完"),
    "no zip": (lambda files: b"hello", TRUE, "打不开"),
    "an entry twice": (twice, SAFE, f"{PDF}：压缩包里有两个同名的文件"),
    "a path out of it": (lambda files: packed([*files.items(), ("../a.txt", b"x")]), SAFE, "../a.txt：文件名指到归档包以外"),
    "an absolute path": (lambda files: packed([*files.items(), ("/etc/a.txt", b"x")]), SAFE, "/etc/a.txt：文件名指到归档包以外"),
    "a drive": (lambda files: packed([*files.items(), ("C:/a.txt", b"x")]), SAFE, "C:/a.txt：文件名指到归档包以外"),
    "names apart in case alone": (lambda files: packed([*files.items(), ("清单.TXT", b"x")]), SAFE, "只差大小写或写法"),
    "what a terminal obeys": (lambda files: packed([*files.items(), ("\x1b[2J.txt", b"x")]), SAFE, "?[2J.txt：文件名在 Windows"),
    "a link": (linked, SAFE, "过程/link.txt：是链接，不是文件"),
    "something in front": (lambda files: b"MZ" + packed(files.items()), SAFE, "压缩包前面有多余的内容"),
    "something behind": (lambda files: packed(files.items()) + b"tail", SAFE, "后面有多余的内容"),
    "a bomb": (lambda files: packed([("a.txt", b"0" * 9_000_000)], zipfile.ZIP_DEFLATED), USABLE, "a.txt：展开后过大"),
    "a password": (encrypted, USABLE, f"{VERIFIER}：加了密码"),
    "a rare way of packing": (lambda files: packed(files.items(), zipfile.ZIP_LZMA), USABLE, "压缩方法不通用"),
}  # fmt: skip


@pytest.mark.parametrize("fault", ZIP_FAULTS)
def test_a_fault_of_the_zip_is_named(fault, files, tmp_path):
    plant, quality, expected = ZIP_FAULTS[fault]

    code, words = verify(write_zip(tmp_path, plant(files)))

    assert (code, verdicts(words)[quality]) == (1, "未通过"), words
    assert expected in words


def test_a_link_in_a_folder_is_not_followed(files, tmp_path):
    folder = write_folder(tmp_path, files)
    (folder / "过程" / "secret.txt").symlink_to("/etc/passwd")

    code, words = verify(folder)

    assert code == 1
    assert "过程/secret.txt：是链接，不是文件" in words


# --- what only the system knows ---------------------------------------------------------------------------------------
def forged(files):
    """A package made anew around another text: it agrees with itself in all."""
    return listed_anew(
        change("过程/分发与签收.csv", lambda data: data.replace("王五".encode(), "赵六".encode()))(files)
    )


def test_a_forgery_that_agrees_with_itself_is_found_by_the_check_code_alone(package, files, tmp_path):
    path = write_zip(tmp_path, packed(forged(files).items()))

    assert verify(path)[0] == 0
    for option, wanted in (("--sha256", package.codes.sha256), ("--sm3", package.codes.sm3)):
        code, words = verify(path, option, wanted)
        assert code == 1
        assert "不是登记的校验码" in words


# --- several packages -------------------------------------------------------------------------------------------------
def of_number(files, number, **others):
    said = json.loads(files[CONTENT]) | {"number": number, "total_number": number + 535} | others
    return listed_anew(files | {CONTENT: json.dumps(said).encode()})


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [((8, 9, 11), "2026年第10期缺"), ((8, 9, 9), "2026年第9期有几个归档包"), ((8, 9, 10), "通过　期号连续")],
)
def test_several_packages_have_no_gap_in_their_numbers(numbers, expected, files, tmp_path):
    for place, number in enumerate(numbers):
        write_zip(tmp_path, packed(of_number(files, number).items()), f"{place}.zip")
    (tmp_path / "notes.txt").write_text("x")

    code, words = verify(tmp_path)

    assert expected in words
    assert "notes.txt（不是归档包）" in words
    assert code == 1  # of each the content is not what was signed


def test_a_package_that_can_not_be_read_leaves_no_series_whole(files, package, tmp_path):
    write_zip(tmp_path, package.data, "1.zip")
    write_zip(tmp_path, b"hello", "2.zip")

    code, words = verify(tmp_path)

    assert code == 1
    assert "未通过　期号连续：没能查完" in words


@pytest.mark.parametrize("name", ["empty", "nowhere"])
def test_where_nothing_is_nothing_has_passed(name, tmp_path):
    (tmp_path / "empty").mkdir()

    code, words = verify(tmp_path / name)

    assert code != 0
    assert "　通过" not in words


# --- where it runs ----------------------------------------------------------------------------------------------------
def test_without_sm3_it_says_so(package, tmp_path):
    path = write_zip(tmp_path, package.data)
    program = (
        "import hashlib, runpy, sys\nnew = hashlib.new\n"
        "def without(name, *a):\n    if name == 'sm3': raise ValueError('unsupported hash type sm3')\n    return new(name, *a)\n"
        "hashlib.new = without\nsource = sys.argv.pop(1)\nrunpy.run_path(source, run_name='__main__')"
    )

    code, words = verify(path, python_options=("-I", "-c", program))
    assert code == 0
    assert "待补　文件与清单逐个一致：这台电脑的 Python 没有 SM3" in words

    code, words = verify(path, "--sm3", package.codes.sm3, python_options=("-I", "-c", program))
    assert code == 1
    assert "没能查完（ValueError：unsupported hash type sm3）" in words


def test_its_words_are_seen_where_the_terminal_knows_no_chinese(package, tmp_path):
    code, _words = verify(
        write_zip(tmp_path, package.data), env=os.environ | {"PYTHONIOENCODING": "ascii"}, python_options=()
    )

    assert code == 0
