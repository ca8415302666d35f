"""How a state looks: from "model.status" to word, icon and colour. Each app declares its own in its module `states`.

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
