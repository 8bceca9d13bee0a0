"""What a whole log must satisfy, entry by entry, whatever file it came in."""

from dataclasses import dataclass

from .checkpoints import Checkpoint
from .errors import DoesNotHold
from .merkle import GrowingTree


@dataclass(frozen=True, slots=True)
class Expected:
    """The signed checkpoint of the log, and one of the reader's own from earlier, if there is one."""

    checkpoint: Checkpoint
    saved: Checkpoint | None = None

    def check_origins(self) -> None:
        """Raise DoesNotHold (`origin`, `shrunk`) when the saved checkpoint is another log's or of more entries."""
        if self.saved is None:
            return
        if self.saved.origin != self.checkpoint.origin:
            raise DoesNotHold(
                "origin", f"The saved checkpoint is of {self.saved.origin}, the log is {self.checkpoint.origin}."
            )
        if self.saved.size > self.checkpoint.size:
            raise DoesNotHold(
                "shrunk",
                f"The log had {self.saved.size} entries and now has {self.checkpoint.size}: entries were taken away.",
            )

    def check_saved(self, tree: GrowingTree) -> None:
        """Raise DoesNotHold (`history`) when the tree has the saved size and another root."""
        if self.saved is not None and tree.size == self.saved.size and tree.root() != self.saved.root:
            raise DoesNotHold(
                "history",
                f"The first {self.saved.size} entries are not those of the saved checkpoint: history was changed.",
            )

    def check_end(self, tree: GrowingTree) -> None:
        """Raise DoesNotHold (`missing-entries`, `root`) unless the tree is what the log signed."""
        if tree.size < self.checkpoint.size:
            raise DoesNotHold(
                "missing-entries",
                f"The log signed {self.checkpoint.size} entries, but only {tree.size} are here: the end is missing.",
            )
        if tree.root() != self.checkpoint.root:
            raise DoesNotHold(
                "root", "The entries do not give the root that the log signed: at least one was changed or moved."
            )
