"""Documents: filed, opened, hidden, moved."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from healthspace.audit.kinds.shape import Kind


@dataclass(frozen=True, slots=True)
class DocumentsListed(Kind):
    code = "documents_listed"
    by_holder = _("You looked at the list of your documents.")
    by_other = _("%(actor)s looked at the list of documents.")
    refused = _("%(actor)s asked for the list of documents and was refused.")


@dataclass(frozen=True, slots=True)
class DocumentOpened(Kind):
    code = "document_opened"
    by_holder = _("You opened a document.")
    by_other = _("%(actor)s opened your document.")
    refused = _("%(actor)s asked to open a document and was refused.")


@dataclass(frozen=True, slots=True)
class DocumentDownloaded(Kind):
    code = "document_downloaded"
    by_holder = _("You downloaded a document.")
    by_other = _("%(actor)s downloaded your document.")
    refused = _("%(actor)s asked to download a document and was refused.")


@dataclass(frozen=True, slots=True)
class DocumentDeposited(Kind):
    code = "document_deposited"
    by_holder = _("You added a document.")
    by_other = _("%(actor)s added a document to your space.")
    refused = _("%(actor)s asked to add a document to your space and was refused.")


@dataclass(frozen=True, slots=True)
class DocumentReplaced(Kind):
    code = "document_replaced"
    by_holder = _("You replaced a document by a newer version.")
    by_other = _("%(actor)s replaced a document by a newer version.")
    refused = _("%(actor)s asked to replace a document and was refused.")


@dataclass(frozen=True, slots=True)
class DocumentDeleted(Kind):
    code = "document_deleted"
    by_holder = _("You deleted a document.")
    by_other = _("%(actor)s deleted a document.")
    refused = _("%(actor)s asked to delete a document and was refused.")


@dataclass(frozen=True, slots=True)
class DocumentMasked(Kind):
    code = "document_masked"
    by_holder = _("You hid a document from professionals.")
    by_other = _("%(actor)s hid a document from other professionals.")
    refused = _("%(actor)s asked to hide a document and was refused.")


@dataclass(frozen=True, slots=True)
class DocumentUnmasked(Kind):
    code = "document_unmasked"
    by_holder = _("You showed a hidden document to professionals again.")
    by_other = _("%(actor)s showed a hidden document to professionals again.")
    refused = _("%(actor)s asked to show a hidden document again and was refused.")


@dataclass(frozen=True, slots=True)
class VisibilityChanged(Kind):
    code = "visibility_changed"
    by_holder = _("You changed who can see a document.")
    by_other = _("%(actor)s changed who can see a document.")
    refused = _("%(actor)s asked to change who can see a document and was refused.")


@dataclass(frozen=True, slots=True)
class DocumentRenamed(Kind):
    code = "document_renamed"
    by_holder = _("You gave a document another name.")
    by_other = _("%(actor)s gave a document another name.")
    refused = _("%(actor)s asked to rename a document and was refused.")


@dataclass(frozen=True, slots=True)
class DocumentNoted(Kind):
    code = "document_noted"
    by_holder = _("You wrote a note on a document.")
    by_other = _("%(actor)s wrote a note on a document.")
    refused = _("%(actor)s asked to write a note on a document and was refused.")


@dataclass(frozen=True, slots=True)
class DocumentMoved(Kind):
    code = "document_moved"
    by_holder = _("You moved a document to another folder.")
    by_other = _("%(actor)s moved a document to another folder.")
    refused = _("%(actor)s asked to move a document and was refused.")


@dataclass(frozen=True, slots=True)
class FolderCreated(Kind):
    code = "folder_created"
    by_holder = _("You made a folder.")
    by_other = _("%(actor)s made a folder.")
    refused = _("%(actor)s asked to make a folder and was refused.")


@dataclass(frozen=True, slots=True)
class FolderRenamed(Kind):
    code = "folder_renamed"
    by_holder = _("You renamed a folder.")
    by_other = _("%(actor)s renamed a folder.")
    refused = _("%(actor)s asked to rename a folder and was refused.")


@dataclass(frozen=True, slots=True)
class FolderDeleted(Kind):
    code = "folder_deleted"
    by_holder = _("You removed a folder.")
    by_other = _("%(actor)s removed a folder.")
    refused = _("%(actor)s asked to remove a folder and was refused.")


@dataclass(frozen=True, slots=True)
class DocumentDisowned(Kind):
    code = "document_disowned"
    by_holder = _("You said that a document is not yours.")
    by_other = _("%(actor)s said that a document is not yours.")
    refused = _("%(actor)s asked to say that a document is not yours and was refused.")


@dataclass(frozen=True, slots=True)
class DocumentQuarantined(Kind):
    code = "document_quarantined"
    by_holder = _("A document you added was set aside to be checked.")
    by_other = _("A document sent by %(actor)s was set aside to be checked.")
    refused = _("A document sent by %(actor)s was refused.")


@dataclass(frozen=True, slots=True)
class DocumentReleased(Kind):
    code = "document_released"
    by_holder = _("A document that was set aside is now in your space.")
    by_other = _("%(actor)s released a document that was set aside.")
    refused = _("%(actor)s asked to release a document that was set aside and was refused.")


ALL = (
    DocumentsListed(),
    DocumentOpened(),
    DocumentDownloaded(),
    DocumentDeposited(),
    DocumentReplaced(),
    DocumentDeleted(),
    DocumentMasked(),
    DocumentUnmasked(),
    VisibilityChanged(),
    DocumentRenamed(),
    DocumentNoted(),
    DocumentMoved(),
    FolderCreated(),
    FolderRenamed(),
    FolderDeleted(),
    DocumentDisowned(),
    DocumentQuarantined(),
    DocumentReleased(),
)
