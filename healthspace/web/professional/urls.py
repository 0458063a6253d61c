from django.urls import path

from healthspace.web.professional import care, finding, reading, writing

app_name = "professional"
PATIENT = "patients/<uuid:person_id>/"
DOCUMENT = f"{PATIENT}documents/<uuid:document_id>/"
urlpatterns = [
    path("", finding.home, name="home"),
    path("search/", finding.search, name="search"),
    path("place/", finding.place, name="place"),
    path("notices/<uuid:notice_id>/read/", finding.read_notice, name="read_notice"),
    path("deposit/", writing.deposit_new, name="deposit_new"),
    path(PATIENT, reading.record, name="record"),
    path(f"{PATIENT}agreement/", finding.consent, name="consent"),
    path(f"{PATIENT}deposit/", writing.deposit, name="deposit"),
    path(f"{PATIENT}care/", care.history, name="care"),
    path(f"{PATIENT}documents/", reading.document_list, name="documents"),
    path(f"{PATIENT}documents/search/", reading.find, name="find"),
    path(DOCUMENT, reading.document, name="document"),
    path(f"{DOCUMENT}original/", reading.original, name="original"),
    path(f"{DOCUMENT}copy/", reading.copy, name="copy"),
    path(f"{DOCUMENT}preview/", reading.preview, name="preview"),
    path(f"{DOCUMENT}media/<int:number>", reading.media, name="media"),
    path(f"{DOCUMENT}replace/", writing.replace, name="replace"),
    path(f"{DOCUMENT}withdraw/", writing.delete, name="delete"),
    path(f"{DOCUMENT}mask/", writing.mask, name="mask"),
    path(f"{DOCUMENT}unmask/", writing.unmask, name="unmask"),
    path(f"{DOCUMENT}show-to-patient/", writing.reveal, name="reveal"),
    path(f"{DOCUMENT}show-to-parents/", writing.reveal_to_parents, name="reveal_to_parents"),
]
