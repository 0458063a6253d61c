from django.urls import path

from healthspace.web.support import desk, queue

app_name = "support"
urlpatterns = [
    path("", desk.find, name="home"),
    path("answer/", desk.answer, name="answer"),
    path("questions/", queue.questions, name="questions"),
    path("questions/<uuid:ticket_id>/", queue.question, name="question"),
    path("questions/<uuid:ticket_id>/files/<uuid:file_id>/", queue.file, name="question_file"),
    path("acts/", queue.acts, name="acts"),
    path("acts/<uuid:act_id>/", queue.act, name="act"),
]
