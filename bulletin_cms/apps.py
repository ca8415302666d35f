from django.apps import AppConfig


class BulletinCmsConfig(AppConfig):
    name = "bulletin_cms"
