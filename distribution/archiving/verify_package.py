#!/usr/bin/env python3
"""验证.py: checks archive packages (归档包) with nothing but the standard library of Python 3.8 or newer.

It is copied into each package as it stands here, so it imports nothing of the project and speaks Chinese by itself. What a
package says of itself proves nothing: the check code of its list (清单.txt) is kept by the system that made it, and is given
here as --sha256 or --sm3. Without it that point stays open (待补). Each point of DA/T 70-2018 is 通过, 未通过 or 待补.
It ends with 0 when nothing failed, 1 when something did, 2 when there was nothing to check.
"""

import argparse
import csv
import hashlib
import io
import json
import os
import re
import sys
import unicodedata
import zipfile
from xml.etree import ElementTree

PASSED, FAILED, OPEN = "通过", "未通过", "待补"
TRUE, WHOLE, USABLE, SAFE = QUALITIES = "真实性", "完整性", "可用性", "安全性"
MANIFEST, METADATA, CONTENT, VERIFIER = "清单.txt", "元数据.xml", "原件/定稿内容.json", "验证.py"
NEEDED = (METADATA, CONTENT, VERIFIER, "说明.txt", "过程/签发单.txt", "过程/审稿经过.csv", "过程/分发与签收.csv")
HEAD = "归档包清单 1"
LINE = re.compile(r"([0-9a-f]{64})\t([0-9a-f]{64})\t(0|[1-9][0-9]*)\t([^\t]+)")
OUTSIDE = re.compile(r"/|[A-Za-z]:|(.*/)?\.\.(/|$)", re.DOTALL)
NOT_ON_WINDOWS = re.compile(
    r'[<>:"\\|?*\x00-\x1f\x7f]|[ .](/|$)|//|/$|(^|/)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.[^/]*)?(/|$)', re.IGNORECASE
)
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NOT_SHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # would change what a terminal shows
ACTIVE = re.compile(rb"<\s*(script|iframe|object|embed)|\son\w+\s*=|javascript:", re.IGNORECASE)
STARTS = dict.fromkeys((".docx", ".doc", ".wps", ".rtf"), (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf"))
STARTS.update({".jpg": (b"\xff\xd8\xff",), ".png": (b"\x89PNG\r\n\x1a\n",)})
LARGEST = 2 * 1024**3


class Open(str):
    """What is neither right nor wrong: somebody else has to give it, or to look at it. All other words are faults."""


# --- where the files come from ----------------------------------------------------------------------------------------
class Zip:
    """A package as it was handed over. Faults of its making are kept as `odd` and `unusual`."""

    def __init__(self, path):
        with open(path, "rb") as file:  # zipfile itself would take the end of a Word file in it for its own
            file.seek(max(0, os.path.getsize(path) - 22))
            if file.read(4) != b"PK\x05\x06":
                raise zipfile.BadZipFile("结尾不对：没有传完，或者后面有多余的内容")
        self.archive, self.odd, self.unusual, self.entries = zipfile.ZipFile(path), [], {}, {}
        entries = self.archive.infolist()
        if entries and min(entry.header_offset for entry in entries):
            self.odd.append("压缩包前面有多余的内容")
        for entry in entries:
            name = entry.orig_filename
            if name in self.entries:
                self.odd.append(f"{name}：压缩包里有两个同名的文件")
            if (entry.external_attr >> 16) & 0o170000 == 0o120000:
                self.odd.append(f"{name}：是链接，不是文件")
            if entry.flag_bits & 1:
                self.unusual[name] = "加了密码"
            elif entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                self.unusual[name] = "压缩方法不通用"
            elif entry.file_size > LARGEST or entry.file_size > 1000 * max(entry.compress_size, 1000):
                self.unusual[name] = "展开后过大"
            self.entries[name] = entry
        self.names = list(self.entries)

    def read(self, name):
        if name in self.unusual:
            raise ValueError(self.unusual[name])
        return self.archive.read(self.entries[name])


class Folder:
    """A package that was unpacked. Links are never followed."""

    def __init__(self, path):
        self.odd, self.unusual, self.found = [], {}, {}
        for folder, folders, files in os.walk(path):
            for name in folders + files:
                full = os.path.join(folder, name)
                relative = os.path.relpath(full, path).replace(os.sep, "/")
                if os.path.islink(full):
                    self.odd.append(f"{relative}：是链接，不是文件")
                elif name in files:
                    self.found[unicodedata.normalize("NFC", relative)] = full
        self.names = sorted(self.found)

    def read(self, name):
        with open(self.found[name], "rb") as file:
            return file.read()


class Package:
    """What is checked: the files, and what was read of the list, the metadata (元数据.xml) and the signed content."""

    def __init__(self, path, codes):
        source = Zip(path) if os.path.isfile(path) else Folder(path)
        self.names, self.read, self.odd, self.unusual = source.names, source.read, source.odd, source.unusual
        self.codes, (self.listed, self.faults) = codes, read_list(self)
        self.tree = self.parsed(METADATA, tree_of)
        self.content = self.parsed(CONTENT, lambda data: json.loads(data.decode("utf-8")))
        self.pdfs = [name for name in self.names if re.fullmatch(r"原件/[^/]+\.pdf", name)]

    def parsed(self, name, parse):
        """None where it can't be read: each check that needs it breaks off then, and so fails."""
        try:
            return parse(self.read(name))
        except Exception:
            return None


def tree_of(data):
    """Without a DOCTYPE, whose entities could stand for any amount of text."""
    if b"<!" in data:
        raise ValueError("有 DOCTYPE")
    return ElementTree.fromstring(data.decode("utf-8"))  # noqa: S314


def read_list(package):
    """name -> (SHA-256, SM3, size), and what is wrong with the list."""
    files, faults = {}, []
    try:
        lines = package.read(MANIFEST).decode("utf-8").split("\n")
    except Exception:
        return files, [f"没有 {MANIFEST}，或者读不出来"]
    if lines[0] != HEAD or lines[-1] != "" or len(lines) < 3:
        faults.append(f"{MANIFEST} 的开头或末尾不对")
    for number, line in enumerate(lines[1:-1], 2):
        match = LINE.fullmatch(line)
        if not match or match.group(4) in files:
            faults.append(f"{MANIFEST} 第 {number} 行{'重复' if match else '不合格式'}：{line[-80:]}")
        else:
            files[match.group(4)] = match.group(1), match.group(2), int(match.group(3))
    return files, faults


# --- the points -------------------------------------------------------------------------------------------------------
def check_codes(package):
    """The list against what the system keeps, as the caller was told."""
    if not package.codes:
        yield Open("没有给出登记的校验码（登记在系统里该期的“经过”，用 --sha256 或 --sm3 给出）")
    for name, wanted in package.codes.items():
        found = hashlib.new(name, package.read(MANIFEST)).hexdigest()
        if found not in wanted:
            yield f"{MANIFEST} 的 {name.upper()} 是 {found}，不是登记的校验码"


def sm3_of(data):
    """None where this Python has no SM3, which depends on its OpenSSL."""
    try:
        return hashlib.new("sm3", data).hexdigest()
    except ValueError:
        return None


def name_of(content):
    supplement = "增刊" if content["kind"] == "supplement" else ""
    total = f"（总第{content['total_number']}期）" if content["total_number"] else ""
    return f"{content['year']}年{supplement}第{content['number']}期{total}"


def expected(content):
    """path in 元数据.xml -> what it has to be, by what was signed."""
    file, office = "封装内容/文件实体块/文件实体/", "封装内容/公文核心元数据/"
    titles = ["".join(map(str.strip, each["title"].split("\n"))) for each in content["articles"] + content["briefs"]]
    series, name, summary = "".join(content["name_lines"]), name_of(content), "；".join(t or "（简讯）" for t in titles)
    up, across, security = "；".join(content["report_to"]), "；".join(content["send_to"]), content.get("security", "")
    described = {"题名": series + " " + name, "摘要": summary, "文件编号": name, "责任者": content["publisher"]}
    described.update({"日期": content["dated_on"], "密级": security, "主送": up, "抄送": across})
    fields = {"发文机关标志": series, "发文字号": name, "标题": series + " " + name, "主送机关": up, "抄送机关": across}
    fields.update({"成文日期": content["dated_on"], "密级和保密期限": security, "份号": content.get("copy_number", "")})
    values = {file + "档号/年度": str(content["year"])}
    values.update({file + "内容描述/" + name: value for name, value in described.items()})
    values.update({office + name: value for name, value in fields.items()})
    return {path: NOT_XML.sub("\ufffd", value) for path, value in values.items()}


def check_metadata(package):
    for path, wanted in expected(package.content).items():
        found = package.tree.findtext(path)
        if found != wanted:
            yield f"{METADATA} 的 {path} 是“{found}”，定稿内容是“{wanted}”"
    path = "封装内容/文件实体块/文件实体/文件数据/文档/计算机文件名"
    named = {element.text for element in package.tree.iterfind(path)}
    for name in sorted((set(package.listed) - {METADATA}) ^ named):
        yield f"{METADATA} 写的文件和清单对不上：{name}"


def check_signature(package):
    """What was signed is what lies here."""
    for path, names in (("定稿内容SHA-256", [CONTENT]), ("原件SHA-256", package.pdfs)):
        signed = package.tree.findtext("签发记录/" + path)
        if len(names) != 1 or not signed:
            yield f"{path}：签发记录或文件不是恰好一个"
        elif hashlib.sha256(package.read(names[0])).hexdigest() != signed:
            yield f"{names[0]}：SHA-256 不是签发时的 {signed}"


def check_files(package):
    if not package.listed:
        yield "清单不能用，文件没法核对"
    for name, (sha256, sm3, size) in sorted(package.listed.items()):
        try:
            data = package.read(name)
        except Exception as error:
            yield f"{name}：读不出来（{error}）" if name in package.names else f"缺文件：{name}"
            continue
        if len(data) != size:
            yield f"{name}：大小是 {len(data)} 字节，清单写的是 {size} 字节"
        if hashlib.sha256(data).hexdigest() != sha256:
            yield f"{name}：SHA-256 与清单不符，文件被改过"
        if sm3_of(data) not in (None, sm3):
            yield f"{name}：SM3 与清单不符"
    if sm3_of(b"") is None:
        yield Open("这台电脑的 Python 没有 SM3，只核对了 SHA-256")


def check_needed(package):
    for name in NEEDED:
        if name not in package.names:
            yield f"缺 {name}"
    if not package.pdfs:
        yield "原件/ 里没有 PDF"
    for number in range(1, len(package.content["articles"] + package.content["briefs"]) + 1):
        for wanted in ("花脸稿.html", "版本/第[0-9]+版.txt"):
            if not any(re.fullmatch(f"过程/{number:02} [^/]+/{wanted}", name) for name in package.names):
                yield f"第 {number} 篇缺 {wanted.split('/')[0]}"


def check_values(package):
    missing = dict.fromkeys(element.tag for element in package.tree.iter() if element.get("状态") == OPEN)
    if missing:
        yield Open("、".join(missing))


def check_formats(package):
    for name in package.names:
        try:
            words = wrong_format(os.path.splitext(name)[1].lower(), package.read(name))
        except Exception as error:
            words = f"打不开（{error}）"
        if words:
            yield f"{name}：{words}"


def wrong_format(ending, data):
    """Why a file can't be used; empty when nothing speaks against it."""
    if not data:
        return "是空的"
    if ending == ".pdf":
        return "" if data.startswith(b"%PDF-") and b"%%EOF" in data[-1024:] else "不是完整的 PDF"
    if ending in STARTS:
        is_damaged = data.startswith(b"PK") and zipfile.ZipFile(io.BytesIO(data)).testzip()
        return "Word 文件损坏" if is_damaged else "" if data.startswith(STARTS[ending]) else "内容和扩展名不符"
    if ending not in (".txt", ".csv", ".html", ".json", ".xml", ".py"):
        return "不是长期保存用的格式"
    text = data.decode("utf-8-sig")
    if ending == ".json":
        json.loads(text)
    elif ending == ".xml":
        tree_of(data)
    elif ending == ".csv" and len({len(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)}) != 1:
        return "各行的列数不同"
    return ""


def check_names(package):
    yield from package.odd
    known = {}
    for name in dict.fromkeys(package.names + list(package.listed)):
        if OUTSIDE.match(name):
            yield f"{name}：文件名指到归档包以外"
        elif NOT_ON_WINDOWS.search(name):
            yield f"{name}：文件名在 Windows 上不能用"
        other = known.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
        if other != name:
            yield f"{name}：和 {other} 只差大小写或写法"


def check_content(package):
    for name in package.names:
        ending, data = os.path.splitext(name)[1].lower(), package.read(name)
        if name != VERIFIER and (ending == ".py" or data[:2] in (b"MZ", b"#!")):
            yield f"{name}：是可执行的程序"
        elif ending == ".html" and ACTIVE.search(data):
            yield f"{name}：网页里有可执行的内容"
        elif ending in STARTS and data.startswith(b"PK") and b"vbaproject" in data.lower():
            yield f"{name}：Word 文件里有宏"


POINTS = (
    (TRUE, "清单与登记的校验码一致", check_codes),
    (TRUE, "元数据与定稿内容、清单一致", check_metadata),
    (TRUE, "定稿内容和原件就是签发的", check_signature),
    (TRUE, "电子签名", lambda package: [Open("没有数字签名和数字证书，由档案馆接收时补")]),
    (WHOLE, "清单合格", lambda package: package.faults),
    (WHOLE, "文件与清单逐个一致", check_files),
    (WHOLE, "应有的文件齐全", check_needed),
    (WHOLE, "元数据的值齐全", check_values),
    (USABLE, "格式可用，能打开", check_formats),
    (USABLE, "没有加密，压缩方法通用", lambda package: [f"{name}：{why}" for name, why in package.unusual.items()]),
    (SAFE, "没有清单以外的文件", lambda package: sorted(set(package.names) - set(package.listed) - {MANIFEST})),
    (SAFE, "文件名安全", check_names),
    (SAFE, "没有可执行的内容", check_content),
    (SAFE, "没有病毒", lambda package: [Open("这里不查病毒，请用杀毒软件另查")]),
)


# --- one package, several packages ------------------------------------------------------------------------------------
def check(path, codes):
    """(what it is, its signed content or None, lines of (quality, verdict, words))."""
    label = os.path.basename(os.path.abspath(path))
    try:
        package = Package(path, codes)
    except Exception as error:
        return label, None, [(quality, FAILED, f"打不开（{error}）") for quality in QUALITIES]
    title = package.parsed(CONTENT, lambda data: name_of(json.loads(data.decode("utf-8")))) or "（读不出是哪一期）"
    return title + "　" + label, package.content, [line for point in POINTS for line in lines_of(point, package)]


def lines_of(point, given):
    """A check that breaks off has failed: it never reads as nothing found."""
    quality, text, function = point
    try:
        found = list(function(given))
    except Exception as error:
        found = [f"没能查完（{type(error).__name__}：{error}）"]
    verdicts = [(OPEN if isinstance(words, Open) else FAILED, f"{text}：{words}") for words in found]
    return [(quality, *line) for line in verdicts or [(PASSED, text)]]


def gaps(contents):
    """What is missing or there twice among the numbers of several packages, each series from its first to its last."""
    if len(contents) < 2:
        yield Open("只有一期，看不出缺不缺；把几期放在一个文件夹里再查")
    series = {}
    for content in contents:
        kind = f"{content['year']}年{'增刊' if content['kind'] == 'supplement' else ''}"
        for key, number in ((kind, content["number"]), ("总", content["total_number"])):
            if number:
                series.setdefault(("".join(content["name_lines"]), key), []).append(number)
    for (name, kind), numbers in sorted(series.items()):
        for number in range(min(numbers), min(max(numbers), min(numbers) + 9999) + 1):
            if numbers.count(number) != 1:
                yield f"《{name}》{kind}第{number}期{'有几个归档包' if number in numbers else '缺'}"


def packages_in(path):
    """The packages at this path: itself, or the archives and folders in it; and what else lies there."""
    own = [os.path.join(path, name) for name in (MANIFEST, METADATA, "原件", "过程")]
    if not os.path.isdir(path) or any(map(os.path.exists, own)):
        return [path], []
    found = [os.path.join(path, name) for name in sorted(os.listdir(path))]
    packages = [each for each in found if os.path.isdir(each) or each.lower().endswith(".zip")]
    return packages, [each for each in found if each not in packages]


def show(label, lines):
    print(NOT_SHOWN.sub("?", label))
    for quality in QUALITIES:
        own = [(verdict, words) for kind, verdict, words in lines if kind == quality]
        verdicts = [verdict for verdict, _words in own]
        if own:
            print(f"  {quality}：{FAILED if FAILED in verdicts else OPEN if OPEN in verdicts else PASSED}")
        for verdict, words in own:
            print(f"    {verdict}　" + NOT_SHOWN.sub("?", words))


def main(arguments=None):
    sys.stdout.reconfigure(errors="replace")
    parser = argparse.ArgumentParser(description="验证归档包：真实性、完整性、可用性、安全性（DA/T 70-2018）。")
    parser.add_argument("paths", nargs="*", help="zip、解开的文件夹，或放几个归档包的文件夹；不写是本程序所在的文件夹")
    parser.add_argument("--sha256", action="append", type=str.lower, help="系统登记的清单校验码；几个归档包可以写几次")
    parser.add_argument("--sm3", action="append", type=str.lower, help="同上，SM3 的")
    given = parser.parse_args(arguments)
    codes = {name: wanted for name, wanted in (("sha256", given.sha256), ("sm3", given.sm3)) if wanted}
    packages = []
    for path in given.paths or [os.path.dirname(os.path.abspath(__file__))]:
        found, others = packages_in(path)
        packages += found
        print("".join(f"没有查：{other}（不是归档包）\n" for other in others), end="")
    if not packages:
        print("这里没有归档包，什么也没有查。")
        return 2
    reports = [check(path, codes) for path in packages]
    contents = [content for _label, content, _lines in reports]
    reports.append((f"共 {len(packages)} 个归档包", None, lines_of((WHOLE, "期号连续", gaps), contents)))
    for label, _content, lines in reports:
        show(label, lines)
    return int(any(verdict == FAILED for _label, _content, lines in reports for _quality, verdict, _words in lines))


if __name__ == "__main__":
    sys.exit(main())
