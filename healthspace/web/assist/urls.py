"""Addresses of a helper's desk."""

from django.urls import path

from healthspace.web.assist import acts, desk

app_name = "assist"
urlpatterns = [
    path("", desk.home, name="home"),
    path("who/", desk.who, name="who"),
    path("scope/", desk.scope, name="scope"),
    path("code/", desk.code, name="code"),
    path("code/send/", desk.send, name="send"),
    path("paper/", desk.on_paper, name="paper"),
    path("paper/sheet/", desk.sheet, name="sheet"),
    path("session/", acts.session, name="session"),
    path("session/emergency/", acts.emergency, name="emergency"),
    path("session/doctor/", acts.doctor, name="doctor"),
    path("session/doctor/<uuid:professional_id>/", acts.name_doctor, name="name_doctor"),
    path("session/summary/", acts.summary, name="summary"),
    path("session/file/", acts.file, name="file"),
    path("session/documents/", acts.read, name="documents"),
    path("session/documents/<uuid:document_id>/", acts.document, name="document"),
    path("session/contact/", acts.contact, name="contact"),
    path("session/answer/<slug:act>/", acts.answer, name="answer"),
    path("session/open/", acts.activate, name="activate"),
    path("session/forms/", acts.forms, name="forms"),
    path("session/forms/print/", acts.print_form, name="print_form"),
    path("end/", desk.end, name="end"),
    path("over/", desk.over, name="over"),
    path("ended/", desk.ended, name="ended"),
    path("ended/sheet/", desk.receipt, name="receipt"),
]
