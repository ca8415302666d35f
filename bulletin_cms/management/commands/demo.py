import logging
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from articles import exempting
from articles.findings import key_of
from articles.models import Article
from bulletin_cms import sample
from bulletin_cms.sample import asking
from distribution import mailing
from distribution.models import Delivery, Mailing
from issues import assembly, proofs, remarks, signing
from issues.models import Bulletin, Issue, Proof
from points.models import Entry, RuleSet

PATIENCE = 180  # seconds for the worker to set the pages, and again to send the mails


class Command(BaseCommand):
    help = "Loads the sample and takes its issue the whole way, from submitted articles to delivered mails; once."

    def handle(self, **options):
        if settings.IS_PUBLIC_SITE:
            raise CommandError(_("The sample has a known password: it is not loaded on a public site."))
        if Bulletin.objects.exists() and not self.is_unfinished():
            self.stdout.write(_("The sample and its issue are there already; nothing to do."))
            return
        issue = Issue.objects.filter(is_past=False).order_by("pk").first() or self.begin()
        people = {user.username: user for user in User.objects.all()}
        self.sign(issue, people)
        self.publish(issue, people)
        self.distribute(issue, people)
        self.count(issue)
        self.say(
            _("People of the sample: %(names)s; password of all: %(password)s")
            % {"names": "lin lu qin gu fang tang shen admin", "password": sample.PASSWORD}
        )
        self.say(_("The signer fang also needs a phone code: .venv/bin/python manage.py sample_code fang"))

    def is_unfinished(self) -> bool:
        return not Mailing.objects.filter(finished_at__isnull=False).exists()

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def begin(self) -> Issue:
        # The worker is not there yet, nor the broker: its sweep finds what is to be done.
        logging.getLogger("workflow.worker").setLevel(logging.ERROR)
        bulletin = Bulletin.objects.first() or sample.load_people()
        articles = sample.load_articles()
        submitted = [article for state in articles if state != "draft" for article in articles[state]]
        self.say(
            _("Submitted: %(count)s articles of %(units)s units")
            % {"count": len(submitted), "units": len({article.unit_id for article in submitted})}
        )
        accepted = [article for article in submitted if article.status == "accepted"]
        self.say(
            _("Reviewed: %(accepted)s accepted, %(returned)s returned with a reason")
            % {"accepted": len(accepted), "returned": Article.objects.filter(status="returned").count()}
        )
        issue = sample.assemble(bulletin, articles["issue"])
        sample.load_commissions(bulletin)
        sample.assemble(bulletin, articles["next"], days_ahead=asking.DAYS_AHEAD)
        self.say(
            _("Assembled: %(issue)s (total no. %(total)s), %(count)s articles and briefs")
            % {"issue": issue, "total": issue.total_number, "count": issue.placements.count()}
        )
        return issue

    def sign(self, issue: Issue, people: dict) -> None:
        if issue.is_open:
            self.proofread(issue, people["lu"])
            signing.send_for_sign_off(issue, by=people["lu"])
        issue.refresh_from_db()
        if not issue.is_pending:
            return
        proof = proofs.request(issue)
        is_done = Q(state=Proof.State.FAILED) | Q(state=Proof.State.READY, report__isnull=False)
        self.wait(lambda: Proof.objects.filter(is_done, pk=proof.pk).exists())
        proof.refresh_from_db()
        if proof.is_failed:
            raise CommandError(proof.error)
        code = sample.code_of("fang") or ""
        sign_off = signing.sign(issue, by=people["fang"], expected_digest=proof.digest, code=code)
        self.say(_("Signed off by %(name)s, check code %(code)s") % {"name": sign_off.by, "code": sign_off.code})

    def proofread(self, issue: Issue, editor: User) -> None:
        """What the sample still has of errors is let through, as the sign-off sheet then says."""
        assembly.ask_for_proofs(issue, by=editor)
        self.wait(lambda: remarks.of_issue(issue).is_complete)
        noted = remarks.of_issue(issue).remarks
        errors = [(remark.placement.article, item.finding) for remark in noted for item in remark.errors]
        for article, finding in errors:
            exempting.let_through(article, key_of(finding), _("as the sample has it"), by=editor)
        found = sum(len(remark.panel.items) for remark in noted)
        self.say(
            _("Proofread: %(found)s findings, %(errors)s of them errors that are let through")
            % {"found": found, "errors": len(errors)}
        )

    def publish(self, issue: Issue, people: dict) -> None:
        issue.refresh_from_db()
        if issue.is_signed:
            signing.publish(issue, by=people["gu"])
            issue.refresh_from_db()
        self.say(
            _("Issued: %(path)s, %(pages)s pages, SHA-256 %(sha256)s")
            % {"path": issue.pdf.path, "pages": issue.pdf_pages, "sha256": issue.pdf_sha256}
        )

    def distribute(self, issue: Issue, people: dict) -> None:
        sending = Mailing.objects.filter(issue=issue).first() or mailing.start(issue, by=people["tang"])
        deliveries = Delivery.objects.filter(mailing=sending)
        self.wait(lambda: Mailing.objects.filter(pk=sending.pk, finished_at__isnull=False).exists())
        self.say(
            _("Delivered by the worker: %(sent)s of %(all)s mails (%(where)s)")
            % {
                "sent": deliveries.filter(status="sent").count(),
                "all": deliveries.count(),
                "where": getattr(settings, "EMAIL_FILE_PATH", None) or settings.EMAIL_HOST,
            }
        )

    def count(self, issue: Issue) -> None:
        sample.load_points(issue)
        words = _("Counted: %(entries)s entries of %(units)s units under the rules “%(rules)s”")
        standing = Entry.objects.standing()
        units = standing.order_by().values("unit").distinct().count()
        self.say(words % {"entries": standing.count(), "units": units, "rules": RuleSet.objects.latest("pk")})

    def wait(self, is_done) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_done():
            if time.monotonic() > deadline:
                raise CommandError(_("The worker did not finish within %(seconds)s seconds.") % {"seconds": PATIENCE})
            time.sleep(0.2)
