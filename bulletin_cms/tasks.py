from celery import shared_task

from . import nightly

# A backup of many photos takes longer than other tasks may (models.Upkeep.CUT_OFF).
HOURS = {"soft_time_limit": 7200, "time_limit": 7500}


@shared_task(**HOURS)
def back_up():
    """Beat asks every ten minutes; the hour is asked of the row."""
    nightly.back_up_if_due()


@shared_task(**HOURS)
def verify():
    """Beat asks every ten minutes; the hour is asked of the row."""
    nightly.verify_if_due()


@shared_task(**HOURS)
def check_log():
    """When an administrator asks."""
    nightly.check_log_if_asked()
