"""What can be done after the feedback besides opening again: it leaves the state and every turn as they are."""

from django.db import models

ANSWER_WITHIN_DAYS = 2  # working days


class Step(models.TextChoices):
    """As they stand in its history."""

    THANK = "thank", "bedanken"
    ASK = "ask", "vraag stellen"
    ANSWER = "answer", "vraag beantwoorden"
    TAKE_BACK = "take_back", "vraag terugnemen"
    LAPSE = "lapse", "vraag laten vervallen"
