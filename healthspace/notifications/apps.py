from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "healthspace.notifications"

    def ready(self) -> None:
        from healthspace.notifications import subscribers  # noqa: PLC0415  # tables exist only now

        subscribers.register()
