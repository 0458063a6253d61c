from django.urls import path

from healthspace.web.citizen import access, adding, changing, others, preferring, reading

app_name = "citizen"
urlpatterns = [
    path("home/", reading.home, name="home"),
    path("documents/", reading.document_list, name="documents"),
    path("documents/search/", reading.search, name="search"),
    path("documents/add/", adding.add, name="add"),
    path("documents/folders/", changing.folders, name="folders"),
    path("documents/folders/new/", changing.new_folder, name="new_folder"),
    path("documents/<uuid:document_id>/", reading.document, name="document"),
    path("documents/<uuid:document_id>/text/", reading.text, name="text"),
    path("documents/<uuid:document_id>/original/", reading.original, name="original"),
    path("documents/<uuid:document_id>/copy/", reading.copy, name="copy"),
    path("documents/<uuid:document_id>/preview/", reading.preview, name="preview"),
    path("documents/<uuid:document_id>/media/<int:number>", reading.media, name="media"),
    path("documents/<uuid:document_id>/mask/", changing.mask, name="mask"),
    path("documents/<uuid:document_id>/unmask/", changing.unmask, name="unmask"),
    path("documents/<uuid:document_id>/rename/", changing.rename, name="rename"),
    path("documents/<uuid:document_id>/move/", changing.move, name="move"),
    path("documents/<uuid:document_id>/delete/", changing.delete, name="delete"),
    path("documents/<uuid:document_id>/not-mine/", changing.disown, name="disown"),
    path("access/", access.access, name="access"),
    path("access/lines/<uuid:event_id>/", access.proof, name="proof"),
    path("access/professionals/", access.professionals, name="professionals"),
    path("access/professionals/find/", access.find_professional, name="find_professional"),
    path("access/professionals/<uuid:professional_id>/accept/", access.accept, name="accept"),
    path("access/professionals/<uuid:professional_id>/block/", access.block, name="block"),
    path("access/professionals/<uuid:professional_id>/unblock/", access.unblock, name="unblock"),
    path("access/ties/<uuid:tie_id>/end/", access.end, name="end"),
    path("access/emergency/", access.emergency, name="emergency"),
    path("notices/", others.notices, name="notices"),
    path("notices/read/", others.read_notices, name="read_notices"),
    path("settings/", preferring.settings, name="settings"),
    path("settings/contact/", preferring.contact, name="contact"),
    path("settings/mails/", preferring.mails, name="mails"),
]
