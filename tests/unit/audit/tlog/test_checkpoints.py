"""Checkpoints: what a log states, and who may state it."""

import pytest

from marketplace.audit.tlog.checkpoints import Checkpoint, open_checkpoint, parse_checkpoint
from marketplace.audit.tlog.encoding import MAX_NUMBER, base64_text
from marketplace.audit.tlog.keys import SignerKey
from marketplace.audit.tlog.merkle import EMPTY_ROOT
from marketplace.audit.tlog.notes import Verified, add_signatures, parse_note, sign, sign_note
from tests.unit.audit.tlog.published import CHECKPOINT
from tests.unit.audit.tlog.refusing import does_not_hold, malformed
from tests.unit.audit.tlog.small_log import AT, LOG, ORIGIN, OTHER_LOG, WITNESSES, log_of

ROOT = base64_text(b"r" * 32)


def test_the_example_of_the_specification_is_read_and_written() -> None:
    note = parse_note(CHECKPOINT)
    checkpoint = parse_checkpoint(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert base64_text(checkpoint.root) == "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
    assert checkpoint.text == note.text
    assert [each.name for each in note.signatures] == ["example.com/behind-the-sofa", "witness.example.com/w1"]
    # the cosignature's time, as the specification's example of the signed message has it: time 1679315147
    assert int.from_bytes(note.signatures[1].value[:8], "big") == 1_679_315_147
    assert note.to_bytes() == CHECKPOINT


def test_extension_lines_are_kept() -> None:
    checkpoint = parse_checkpoint(f"log\n7\n{ROOT}\nmore\nand more\n")
    assert checkpoint == Checkpoint("log", 7, b"r" * 32, ("more", "and more"))
    assert checkpoint.text == f"log\n7\n{ROOT}\nmore\nand more\n"


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("", "checkpoint", "A checkpoint has a line each for its origin, its size and its root."),
        ("log\n7\n", "checkpoint", None),
        (f"log\n7\n{ROOT}", "checkpoint", None),
        (f"\n7\n{ROOT}\n", "empty-line", "A checkpoint has an empty line where none may be."),
        (f"log\n7\n{ROOT}\n\n", "empty-line", None),
        (f"log\n7\n{ROOT}\n\nmore\n", "empty-line", None),
        (f"log\n07\n{ROOT}\n", "number", None),
        (f"log\n-7\n{ROOT}\n", "number", None),
        (f"log\n{2**63}\n{ROOT}\n", "number", None),
        ("log\n7\nAA==\n", "hash-size", "The root hash has 1 bytes; a hash has 32."),
        (f"log\n7\n{ROOT} \n", "base64", "The root hash is not base64."),
    ],
)  # fmt: skip
def test_a_malformed_checkpoint_is_refused(text: str, code: str, sentence: str | None) -> None:
    with malformed(code, sentence):
        parse_checkpoint(text)


def test_a_checkpoint_that_could_not_be_written_is_not_made() -> None:
    with malformed("hash-size"):
        Checkpoint("log", 7, b"r" * 31)
    for size in (-1, MAX_NUMBER + 1):
        with malformed("size", f"A log cannot have {size} entries."):
            Checkpoint("log", size, b"r" * 32)
    assert Checkpoint("log", MAX_NUMBER, b"r" * 32).size == MAX_NUMBER
    for origin, extensions in (("", ()), ("a\nb", ()), ("log", ("",)), ("log", ("a\nb",))):
        with malformed("empty-line", "The lines of a checkpoint are not empty."):
            Checkpoint(origin, 7, b"r" * 32, extensions)
    with malformed("crlf"):
        _ = Checkpoint("log\r", 7, b"r" * 32).text


def test_a_checkpoint_is_opened_with_its_log_and_its_witnesses() -> None:
    log = log_of(7)
    raw = log.signed(witnesses=2)
    opened = open_checkpoint(
        raw, logs=[LOG.verifier], witnesses=[each.verifier for each in WITNESSES[1:]], origin=ORIGIN
    )
    assert opened.checkpoint == log.checkpoint()
    assert opened.logs == (Verified(LOG.verifier),)
    assert opened.witnesses == (Verified(WITNESSES[1].verifier, AT),)
    assert opened.ignored == 1


def test_two_signatures_while_a_key_is_changed() -> None:
    raw = sign_note(log_of(7).checkpoint().text, signers=[LOG, OTHER_LOG])
    for keys in ([LOG], [OTHER_LOG], [LOG, OTHER_LOG]):
        opened = open_checkpoint(raw, logs=[each.verifier for each in keys])
        assert opened.logs == tuple(Verified(each.verifier) for each in keys)
        assert opened.ignored == 2 - len(keys)


def test_another_logs_checkpoint_is_refused() -> None:
    with does_not_hold("origin", "This is a checkpoint of log.example/gems, not of log.example/gold."):
        open_checkpoint(log_of(7).signed(), logs=[LOG.verifier], origin="log.example/gold")


def test_a_trusted_key_signs_for_its_own_origin_only() -> None:
    stranger = SignerKey("log.example/gold", b"g" * 32)
    sentence = "The log log.example/gems did not sign this with a key that you trust."
    raw = sign_note(log_of(7).checkpoint().text, signers=[stranger])
    with does_not_hold("log-signature", sentence):
        open_checkpoint(raw, logs=[stranger.verifier, LOG.verifier])
    witness = WITNESSES[0]
    alone = parse_note(raw)
    cosigned = add_signatures(raw, [sign(alone.text, signer=witness, timestamp=AT)])
    with does_not_hold("log-signature", sentence):
        open_checkpoint(cosigned, logs=[LOG.verifier], witnesses=[witness.verifier])


def test_an_empty_log_has_one_root() -> None:
    empty = sign_note(Checkpoint(ORIGIN, 0, EMPTY_ROOT).text, signers=[LOG])
    assert open_checkpoint(empty, logs=[LOG.verifier]).checkpoint.size == 0
    forged = sign_note(Checkpoint(ORIGIN, 0, b"r" * 32).text, signers=[LOG])
    with does_not_hold("empty-root", "An empty log has one root only, and this is another."):
        open_checkpoint(forged, logs=[LOG.verifier])
    one = sign_note(Checkpoint(ORIGIN, 1, b"r" * 32).text, signers=[LOG])
    assert open_checkpoint(one, logs=[LOG.verifier]).checkpoint.size == 1


def test_an_empty_line_above_the_signatures_is_named() -> None:
    raw = log_of(7).signed().replace(b"\n\n", b"\n\n\n")
    with malformed("empty-line"):
        open_checkpoint(raw, logs=[LOG.verifier])
