from django.urls import path

from healthspace.web.account import apps, keys, paper, password, provider, sessions, ways

app_name = "ways"
urlpatterns = [
    path("", ways.ways, name="ways"),
    path("locked/", ways.locked, name="locked"),
    path("paper/", paper.paper, name="paper"),
    path("paper/first/", paper.paper_first, name="paper_first"),
    path("password/", password.password, name="password"),
    path("app/", apps.app, name="app"),
    path("app/code/", apps.app_code, name="app_code"),
    path("app/end/", apps.end_app, name="end_app"),
    path("passkeys/", keys.add_passkey, name="add_passkey"),
    path("passkeys/options/", keys.passkey_options, name="new_passkey_options"),
    path("passkeys/<uuid:passkey_id>/remove/", keys.remove_passkey, name="remove_passkey"),
    path("provider/add/", provider.add, name="add_provider"),
    path("provider/remove/", provider.remove, name="remove_provider"),
    path("sessions/<uuid:session_id>/end/", sessions.end, name="end_session"),
    path("sessions/end/", sessions.end_others, name="end_other_sessions"),
    path("devices/forget/", sessions.forget_devices, name="forget_devices"),
]
