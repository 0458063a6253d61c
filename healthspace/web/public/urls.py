from django.urls import path

from healthspace.web.public import activate, close, new_code, refuse, sign_in, start, views

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
    path("start", start.start, name="start_short"),
    path("start/", start.start, name="start"),
    path("start/again/", start.again, name="start_again"),
    path("start/choice/", start.choice, name="choice"),
    path("start/leave/", start.leave, name="start_leave"),
    path("start/left/", start.left, name="left"),
    path("start/help/", start.answer_help, name="start_help"),
    path("start/refuse/", refuse.refuse, name="refuse"),
    path("start/refused/", refuse.refused, name="refused"),
    path("start/close/", close.close, name="close"),
    path("start/closed/", close.closed, name="closed"),
    path("start/proof/", refuse.proof, name="proof_of_answer"),
    path("start/undo/", refuse.undo, name="undo"),
    path("start/open/", activate.emergency, name="open"),
    path("start/open/sharing/", activate.sharing, name="open_sharing"),
    path("start/open/mail/", activate.mail, name="open_mail"),
    path("start/open/mail/code/", activate.mail_code, name="open_mail_code"),
    path("start/open/account/", activate.account, name="open_account"),
    path("start/open/child/", activate.child, name="open_child"),
    path("start/opened/", activate.child_opened, name="child_opened"),
    path("start/withdraw/", refuse.withdraw, name="withdraw"),
    path("start/taken-back/", refuse.taken_back, name="taken_back"),
    path("start/new-code/", new_code.new_code, name="new_code"),
    path("start/new-code/asked/", new_code.code_asked, name="code_asked"),
]
