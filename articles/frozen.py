"""What of an article never changes any more, and which rows of its review the database does not take."""

from workflow.frozen import Rule, always, changed

_STEP = (
    "CASE {row}.from_status WHEN 'submitted' THEN 1 WHEN 'second_review' THEN 2 WHEN 'final_review' THEN 3 ELSE 9 END"
)
# The part that the person of a new event has in the round; -1 for none.
_PART = (
    "COALESCE((SELECT p.step FROM articles_reviewpart p JOIN articles_article a ON a.id = p.article_id AND a.round = p.round "
    "WHERE p.article_id = NEW.article_id AND p.person_id = NEW.by_id), -1)"
)
_BEGINNINGS = "('begin_again', 'resume', 'reconsider')"
_PASSES, _STAND_INS = "('pass_first', 'pass_second', 'accept')", "('stand_in_second', 'stand_in_last')"
# Nobody passes a step who has another part, or none; only the last step accepts. Who stands in has taken another step, and
# says why. Who edits has a part.
_REVIEWED_WRONGLY = (
    f"(NEW.transition IN {_PASSES} AND {_PART} <> {_STEP.format(row='NEW')}) "
    f"OR (NEW.transition IN {_STAND_INS} AND (NEW.note = '' OR {_PART} < 1 OR {_PART} = {_STEP.format(row='NEW')})) "
    f"OR (NEW.transition = 'revise' AND {_PART} < 1) "
    f"OR ((NEW.transition IN {_PASSES} OR NEW.transition IN {_STAND_INS}) AND NOT EXISTS (SELECT 1 FROM articles_article a "
    "WHERE a.id = NEW.article_id AND a.round = NEW.round AND a.status = NEW.to_status "
    f"AND (NEW.to_status <> 'accepted' OR a.review_steps = {_STEP.format(row='NEW')})))"
)
# What was handed in is put into an issue, or printed, when it has passed each step since the review began; and others agreed
# to what was changed later. Stories of past issues were never handed in here.
_NOT_REVIEWED = (
    "NEW.round > 0 AND NEW.status IN ('placed', 'issued') AND OLD.status <> NEW.status "
    "AND (SELECT COUNT(DISTINCT e.from_status) FROM articles_articleevent e "
    f"WHERE e.article_id = NEW.id AND e.round = NEW.round AND (e.transition IN {_PASSES} OR e.transition IN {_STAND_INS}) "
    "AND e.id > COALESCE((SELECT MAX(b.id) FROM articles_articleevent b WHERE b.article_id = NEW.id "
    f"AND b.transition IN {_BEGINNINGS}), 0)) < NEW.review_steps"
)
_NOT_AGREED = (
    "NEW.status = 'issued' AND EXISTS (SELECT 1 FROM articles_correction c WHERE c.article_id = NEW.id AND c.round = NEW.round "
    "AND (SELECT COUNT(*) FROM articles_agreement g WHERE g.correction_id = c.id) < c.needed)"
)
# Nobody agrees to their own change, or to a change of what they wrote.
_AGREED_WRONGLY = (
    "EXISTS (SELECT 1 FROM articles_correction c LEFT JOIN articles_reviewpart p ON p.article_id = c.article_id "
    "AND p.round = c.round AND p.person_id = NEW.person_id "
    "WHERE c.id = NEW.correction_id AND (c.person_id = NEW.person_id OR p.step = 0))"
)
# Who ratifies takes the step in which somebody had stood in.
_RATIFIED_WRONGLY = (
    "NOT EXISTS (SELECT 1 FROM articles_articleevent e JOIN articles_reviewpart p ON p.article_id = e.article_id "
    f"AND p.round = e.round AND p.person_id = NEW.person_id AND p.step = {_STEP.format(row='e')} "
    f"WHERE e.id = NEW.event_id AND e.transition IN {_STAND_INS})"
)

# A story that was never handed in here came with a past issue, and may go with it: its text stays as it is.
_GIVEN_UP = "NEW.status = 'discarded' AND OLD.round = 0 AND NOT " + changed(
    "unit_id created_by_id kind title subtitle authors contact body current_version_id round"
)

RULES = (
    *always("articles_articleevent"),
    Rule("articles_articleevent", "INSERT", _REVIEWED_WRONGLY),
    *always("articles_commissionevent"),
    *always("articles_reviewpart"),
    *always("articles_correction"),
    *always("articles_agreement"),
    Rule("articles_agreement", "INSERT", _AGREED_WRONGLY),
    *always("articles_ratification"),
    Rule("articles_ratification", "INSERT", _RATIFIED_WRONGLY),
    Rule("articles_articleversion", "UPDATE"),  # its DELETE: issues/frozen.py
    # What the unit was asked stays, and its answer is given once.
    Rule(
        "articles_unitconfirmation",
        "UPDATE",
        f"OLD.answered_at IS NOT NULL OR {changed('article_id version_id asked_by_id asked_at')}",
    ),
    Rule("articles_unitconfirmation", "DELETE"),
    Rule(
        "articles_article",
        "UPDATE",
        f"(OLD.status = 'issued' AND NOT ({_GIVEN_UP})) OR ({_NOT_REVIEWED}) OR ({_NOT_AGREED})",
    ),
    Rule("articles_article", "DELETE", "OLD.status = 'issued'"),
)
