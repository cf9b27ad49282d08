"""The store: stations with their history, areas and accounts, in SQLite or PostgreSQL + PostGIS.

Both engines run the same SQL; callers cannot tell which one they have. The address decides:
``sqlite:///instance/nuanyi.db`` or ``postgresql://user@host/database``.
"""

from geo.store.batches import Batch
from geo.store.importing import ImportReport, import_stations
from geo.store.opening import open_store
from geo.store.records import SaveReport
from geo.store.restore import restore_store
from geo.store.revision import Upgrade, upgrade
from geo.store.store import Store
from geo.store.undo import UndoReport
from geo.store.users import KEEPER, ROLES, User

__all__ = [
    "KEEPER",
    "ROLES",
    "Batch",
    "ImportReport",
    "SaveReport",
    "Store",
    "UndoReport",
    "Upgrade",
    "User",
    "import_stations",
    "open_store",
    "restore_store",
    "upgrade",
]
