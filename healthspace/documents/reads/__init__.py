"""What an actor may see of documents."""

from healthspace.documents.reads.folders import FolderCard, folders
from healthspace.documents.reads.history import Version, versions
from healthspace.documents.reads.journal import journal
from healthspace.documents.reads.lists import ListQuery, Page, has_documents, list_documents
from healthspace.documents.reads.opening import Opened, document_card, open_document
from healthspace.documents.reads.rows import Card
from healthspace.documents.reads.showing import Preview, Shown, media, preview, safe_copy, shown

__all__ = [
    "Card",
    "FolderCard",
    "ListQuery",
    "Opened",
    "Page",
    "Preview",
    "Shown",
    "Version",
    "document_card",
    "folders",
    "has_documents",
    "journal",
    "list_documents",
    "media",
    "open_document",
    "preview",
    "safe_copy",
    "shown",
    "versions",
]
