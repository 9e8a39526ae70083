"""Voice packs: a folder for each, with a manifest and the files that it lists.

What engines and the admin need is here; how a pack gets to its place is in ``store.py``, from where in ``sources.py``,
``remote.py`` and ``bundle.py``. Standard library only, since the web process shows licences too.
"""

from models.packs.errors import PackBroken as PackBroken
from models.packs.errors import PackError as PackError
from models.packs.errors import PackMissing as PackMissing
from models.packs.library import Pack as Pack
from models.packs.library import check_licence as check_licence
from models.packs.library import get as get
from models.packs.library import installed as installed
from models.packs.licences import NON_COMMERCIAL as NON_COMMERCIAL
from models.packs.licences import LicenceNotAccepted as LicenceNotAccepted
from models.packs.manifest import REFERENCES as REFERENCES
