from django.urls import path

from healthspace.web.public import sign_in, views

app_name = "public"
urlpatterns = [
    path("", views.front, name="front"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/again/", sign_in.sign_in, {"has_expired": True}, name="sign_in_again"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("language/", views.language, name="language"),
    path("help/", views.help_page, name="help"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
]
