"""元数据.xml: element names of DA/T 46-2009 in the order of DA/T 48-2009, and the 18 fields of GB/T 33480-2016.

Its words are the standards' own, so they stand here in Chinese. All it says of the issue is taken from what was signed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from typesetting.content import IssueContent

from .papers import METADATA, Paper, moment

NOTE = "按 DA/T 46、48 的元素名组织，未经档案馆验收"
KIND = "简报"
KIND_NOTE = "简报不在《党政机关公文处理工作条例》的 15 种法定文种之内"
TO_GIVE, NONE = "待补", "无"  # the values of 状态: to be given by the archive or in the settings; the issue has none
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Value = str | int | None
Values = Mapping[str, "Value | Values"]


@dataclass(frozen=True)
class Act:
    """What was done with the issue: by whom (empty for the program), when, and in words why."""

    name: str
    who: str
    at: datetime
    note: str = ""


@dataclass(frozen=True)
class Signature:
    """Who signed what: the SHA-256 of the content and of the PDF."""

    who: str
    at: datetime
    content_sha256: str
    pdf_sha256: str


@dataclass(frozen=True)
class Record:
    """What the metadata says. `settings` are those of the archive (ARCHIVE), empty where not given."""

    content: IssueContent
    signature: Signature
    issued_at: datetime
    pdf_name: str
    pdf_size: int
    pdf_pages: int
    acts: tuple[Act, ...]
    settings: Mapping[str, str]

    @property
    def name(self) -> str:
        """2026年第10期（总第545期）."""
        said = self.content
        supplement = "增刊" if said.kind == "supplement" else ""
        total = f"（总第{said.total_number}期）" if said.total_number else ""
        return f"{said.year}年{supplement}第{said.number}期{total}"

    @property
    def title(self) -> str:
        return f"{''.join(self.content.name_lines)} {self.name}"

    @property
    def summary(self) -> str:
        stories = (*self.content.articles, *self.content.briefs)
        return "；".join("".join(map(str.strip, story.title.split("\n"))) or "（简讯）" for story in stories)


def paper_of(record: Record, sizes: Mapping[str, int]) -> Paper:
    """`sizes` are those of the package's other files, by name."""
    root = Element("电子文件封装包", {"说明": NOTE})
    _fill(root, {"封装包格式描述": f"{NOTE}；文件不内嵌，以计算机文件名引用", "版本": "2009", "封装包类型": "原始型"})
    content = ElementTree.SubElement(root, "封装内容")
    files = ElementTree.SubElement(ElementTree.SubElement(content, "文件实体块"), "文件实体")
    _fill(files, _file(record))
    _fill_documents(ElementTree.SubElement(files, "文件数据"), record, sizes)
    people = list(dict.fromkeys([record.signature.who, *(act.who for act in record.acts if act.who)]))
    _fill_each(content, "业务实体块", "业务实体", (_act(act, people) for act in record.acts))
    _fill_each(content, "机构人员实体块", "机构人员实体", _people(record, people))
    _fill(ElementTree.SubElement(content, "公文核心元数据", {"依据": "GB/T 33480-2016"}), _official(record))
    _fill(root, {"签发记录": _signature(record.signature), "电子签名块": None})
    ElementTree.indent(root)
    return Paper(METADATA, ElementTree.tostring(root, "utf-8", xml_declaration=True) + b"\n")


def _file(record: Record) -> Values:
    said, given = record.content, record.settings
    return {
        "聚合层次": "文件",
        "来源": {
            "档案馆名称": given["archive_name"] or None,
            "档案馆代码": given["archive_code"] or None,
            "全宗名称": given["fonds_name"] or None,
            "立档单位名称": given["fonds_creator"] or None,
        },
        "电子文件号": f"{record.name} {record.signature.content_sha256}",
        "档号": {
            "全宗号": given["fonds_number"] or None,
            "目录号": None,
            "年度": said.year,
            "保管期限": given["retention"] or None,
            "机构或问题": None,
            "类别号": None,
            "件号": None,
            "页号": f"1-{record.pdf_pages}",
        },
        "内容描述": _contents(record),
        "形式特征": {
            "文件组合类型": "组合文件",
            "件数": 1,
            "页数": record.pdf_pages,
            "语种": "汉语",
            "稿本": "正本",
        },
        "电子属性": {
            "格式信息": "PDF",
            "计算机文件名": record.pdf_name,
            "计算机文件大小": record.pdf_size,
            "文档创建程序": "bulletin_cms",
            "信息系统描述": "bulletin_cms 简报编审与分发系统",
        },
        "数字化属性": "",
        "电子签名": None,
        "存储位置": None,
        "权限管理": None,
        "附注": _notes(record),
    }


def _contents(record: Record) -> Values:
    said = record.content
    return {
        "题名": record.title,
        "副题名": "",
        "主题词": "",
        "关键词": "",
        "人名": "",
        "摘要": record.summary,
        "文件编号": record.name,
        "责任者": said.publisher,
        "日期": _day(said),
        "文种": KIND,
        "紧急程度": "",
        "主送": "；".join(said.report_to),
        "抄送": "；".join(said.send_to),
        "密级": said.security,
        "保密期限": "",
    }


def _official(record: Record) -> Values:
    """The 18 fields, in the standard's order."""
    said = record.content
    return {
        "公文标识": record.signature.content_sha256,
        "文种": KIND,
        "份号": said.copy_number,
        "密级和保密期限": said.security,
        "紧急程度": "",
        "发文机关标志": "".join(said.name_lines),
        "发文字号": record.name,
        "签发人": said.signer or record.signature.who,
        "标题": record.title,
        "主送机关": "；".join(said.report_to),
        "附件说明": "",
        "发文机关或签发人署名": said.publisher,
        "成文日期": _day(said),
        "附注": _notes(record),
        "抄送机关": "；".join(said.send_to),
        "印发机关": said.publisher,
        "印发日期": moment(record.issued_at)[:10],
        "发布层次": "",
    }


def _notes(record: Record) -> str:
    said = record.content
    lines = (KIND_NOTE, said.notice, said.permit_number, f"发：{'；'.join(said.issue_to)}" if said.issue_to else "")
    return "。".join(filter(None, lines))


def _day(said: IssueContent) -> str:
    return said.dated_on.isoformat() if said.dated_on else ""


def _signature(signature: Signature) -> Values:
    return {
        "签发人": signature.who,
        "签发时间": moment(signature.at),
        "定稿内容SHA-256": signature.content_sha256,
        "原件SHA-256": signature.pdf_sha256,
        "性质": "系统内的签发记录，不是数字签名",
    }


def _act(act: Act, people: list[str]) -> Values:
    return {
        "业务状态": "历史行为",
        "业务行为": act.name,
        "行为时间": moment(act.at),
        "行为依据": "",
        "行为描述": act.note,
        "机构人员标识": f"R{people.index(act.who) + 1}" if act.who else "",
    }


def _people(record: Record, people: list[str]) -> Iterable[Values]:
    for number, who in enumerate(people, 1):
        yield {"机构人员标识": f"R{number}", "机构人员类型": "内设机构人员", "机构人员名称": who}
    yield {
        "机构人员标识": f"R{len(people) + 1}",
        "机构人员类型": "单位",
        "机构人员名称": record.content.publisher,
        "组织机构代码": None,
    }


# --- how it is written ------------------------------------------------------------------------------------------------
def _fill_documents(parent: Element, record: Record, sizes: Mapping[str, int]) -> None:
    for number, (name, size) in enumerate(sizes.items(), 1):
        values: Values = {
            "文档标识符": f"W{number}",
            "文档序号": number,
            "文档主从声明": "主文档" if name == record.pdf_name else "附属文档",
            "计算机文件名": name,
            "计算机文件大小": size,
        }
        _fill(ElementTree.SubElement(parent, "文档"), values)


def _fill_each(parent: Element, block: str, name: str, entities: Iterable[Values]) -> None:
    outer = ElementTree.SubElement(parent, block)
    for values in entities:
        _fill(ElementTree.SubElement(outer, name), values)


def _fill(parent: Element, values: Values) -> None:
    """None is to be given by others, an empty text is what the issue does not have."""
    for name, value in values.items():
        element = ElementTree.SubElement(parent, name)
        if value is None or value == "":
            element.set("状态", TO_GIVE if value is None else NONE)
        elif isinstance(value, Mapping):
            _fill(element, value)
        else:
            element.text = _NOT_XML.sub("\ufffd", str(value))
