from django.apps import AppConfig


class OverviewsConfig(AppConfig):
    name = "overviews"
    verbose_name = "Overzichten"
