"""The steps after the feedback, each with its page: as the verbs of a referral have theirs."""

from referrals.aftercare import offers
from referrals.views.answers import page_of

referral_thank = page_of(offers.THANK)
referral_ask = page_of(offers.ASK)
referral_answer = page_of(offers.ANSWER)
referral_take_back = page_of(offers.TAKE_BACK)
referral_experience = page_of(offers.EXPERIENCE)
