from django.urls import path

from healthspace.web.operator import pages

app_name = "operator"
urlpatterns = [
    path("", pages.home, name="home"),
    path("cases/", pages.cases, name="cases"),
    path("waves/", pages.waves, name="waves"),
    path("waves/<int:wave_id>/", pages.wave, name="wave"),
    path("waves/<int:wave_id>/pause/", pages.pause, name="pause"),
    path("waves/<int:wave_id>/resume/", pages.resume, name="resume"),
    path("numbers/<slug:breakdown>/", pages.breakdown, name="breakdown"),
    path("numbers/<slug:breakdown>/csv/", pages.export, name="export"),
]
