from django.urls import path

from healthspace.web.support import desk

app_name = "support"
urlpatterns = [
    path("", desk.find, name="home"),
    path("answer/", desk.answer, name="answer"),
]
