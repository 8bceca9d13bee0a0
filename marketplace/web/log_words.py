"""What the pages of the signed log say, to strangers and to staff."""

from typing import Final

from marketplace.core.text import N_

NOT_YET: Final = N_("No checkpoint covers this entry yet. The next one comes within a minute. Try again then.")
