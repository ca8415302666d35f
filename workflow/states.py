"""How a state looks: word, icon and colour. A document's are declared with its transitions, others in an app's `states`.

Colours: "" grey, go blue (in progress), ok green (done), you amber (your turn), hold violet (put aside, uncertain),
stop red outline (refused, withdrawn).
"""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class State:
    word: str | Promise
    icon: str
    colour: str = ""
