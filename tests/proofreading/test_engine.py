"""The engine: order, places, switched off rules, rules that fail, and the two days."""

from dataclasses import replace
from datetime import date

from proofreading import engine
from proofreading.engine import Passage, Rule, proofread, rules, shipped
from tests.proofreading.texts import DAY, findings

TEXT = "各部门部门参加,会议召开。"


def names(day, *paragraphs):
    return {(each.rule, each.quote) for each in findings(*paragraphs, day=day)}


def test_findings_come_in_the_order_of_the_text_and_quote_it():
    passages = [Passage("召开会议。", (TEXT, "良好的的环境。")), Passage("", (TEXT,), "brief")]
    proof = proofread(passages, as_of=DAY, tables=shipped())
    places = [(each.article, each.paragraph, each.start) for each in proof.findings]
    assert places == sorted(places)
    assert {each.article for each in proof.findings} == {1, 2}
    for each in proof.findings:
        passage = passages[each.article - 1]
        assert (passage.title, *passage.paragraphs)[each.paragraph][each.start : each.end] == each.quote
        assert each.why
        assert each.source


def test_a_rule_that_raises_is_named_and_the_others_run(monkeypatch):
    def breaks(whole):
        raise LookupError("no table")
        yield

    broken = Rule("broken", "words", "", "", "error", breaks)
    monkeypatch.setattr(engine, "ALL", (broken, *rules()))
    proof = proofread([Passage("", (TEXT,))], as_of=DAY, tables=shipped())
    assert proof.failed == (("broken", "LookupError: no table"),)
    assert "broken" not in proof.ran
    assert {"doubled-word", "half-width-mark"} <= {each.rule for each in proof.findings}


def test_a_rule_that_is_switched_off_does_not_run_and_is_named():
    proof = proofread([Passage("", (TEXT,))], as_of=DAY, tables=replace(shipped(), off=frozenset({"doubled-word"})))
    assert proof.off == ("doubled-word",)
    assert "doubled-word" not in proof.ran
    assert "doubled-word" not in {each.rule for each in proof.findings}


def test_a_change_of_the_tables_makes_stored_proofs_old():
    assert engine.digest(shipped()) == engine.digest(replace(shipped()))
    assert engine.digest(shipped()) != engine.digest(replace(shipped(), off=frozenset({"dash"})))


def test_an_empty_text_has_no_findings_and_every_rule_ran():
    proof = proofread([Passage("", ())], as_of=DAY, tables=shipped())
    assert proof.findings == ()
    assert len(proof.ran) == len(rules())


def test_names_of_rules_are_once():
    assert len({rule.name for rule in rules()}) == len(rules())


def test_the_same_text_is_read_differently_in_2023_and_in_2026():
    text = "市邮政管理局党组书记、局长王明和交通运输部部长李小鹏出席会议，学习党纪学习教育要求，会议由副局长刘强主持。"
    then, now = names(date(2023, 11, 30), text), names(date(2026, 3, 27), text)
    assert ("named-leader", "王明") in now - then
    assert ("person-title", "交通运输部部长李小鹏") in now - then
    assert ("phrase-day", "党纪学习教育") in then - now
    assert not {rule for rule, _quote in then} & {"named-leader", "person-title"}


def test_a_unit_has_the_name_of_its_day():
    text = "按照国家金融监督管理总局要求，会同中国银保监会。"
    assert ("former-unit", "中国银保监会") in names(date(2023, 11, 30), text)
    assert ("former-unit", "中国银保监会") not in names(date(2023, 3, 1), text)
