"""When a password will do, in our own words: Django's Dutch has gaps."""

from django.contrib.auth import password_validation as django_validation


class LongEnough(django_validation.MinimumLengthValidator):
    def get_error_message(self):
        return f"Dit wachtwoord is te kort. Gebruik minstens {self.min_length} tekens."


class NotLikeHerself(django_validation.UserAttributeSimilarityValidator):
    def __init__(self):
        super().__init__(user_attributes=("name", "email"))

    def get_error_message(self):
        return "Dit wachtwoord lijkt te veel op je naam of je e-mailadres."


class NotCommon(django_validation.CommonPasswordValidator):
    def get_error_message(self):
        return "Dit wachtwoord gebruiken veel mensen. Kies iets dat niemand raadt."


class NotOnlyDigits(django_validation.NumericPasswordValidator):
    def get_error_message(self):
        return "Dit wachtwoord bestaat alleen uit cijfers. Gebruik ook letters."
