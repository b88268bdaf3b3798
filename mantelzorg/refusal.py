"""A refusal a person can read: what was asked cannot be done now, and nothing has changed."""


class Refused(Exception):
    """Raised by actions. `sentence` is Dutch, for on the screen; `field` names the form field it is about, if any."""

    def __init__(self, sentence: str, *, field: str | None = None):
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
