"""What is done with keys and sealed bodies: make, archive, destroy, rotate, store, sweep, sign."""

from healthspace.vault.actions.archive import archive_key, part_key, prepare_archive, restore_key
from healthspace.vault.actions.bodies import delete_blob, store_blob, sweep_orphans
from healthspace.vault.actions.keys import create_key, destroy_key, prepare_keys, retire_root, rewrap, rotate_root
from healthspace.vault.actions.ledger import destroyed, living, note_destruction, unnamed
from healthspace.vault.actions.mass import Sealed, add_keys, seal_new
from healthspace.vault.actions.signing import JournalSigner, sign
from healthspace.vault.actions.site import open_secret, seal_secret
from healthspace.vault.adapters.ledger import Destroyed

__all__ = [
    "Destroyed",
    "JournalSigner",
    "Sealed",
    "add_keys",
    "archive_key",
    "create_key",
    "delete_blob",
    "destroy_key",
    "destroyed",
    "living",
    "note_destruction",
    "open_secret",
    "part_key",
    "prepare_archive",
    "prepare_keys",
    "restore_key",
    "retire_root",
    "rewrap",
    "rotate_root",
    "seal_new",
    "seal_secret",
    "sign",
    "store_blob",
    "sweep_orphans",
    "unnamed",
]
