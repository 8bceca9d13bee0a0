"""Policies: whom a reader trusts, and how many witnesses are enough."""

from collections.abc import Sequence

import pytest

from marketplace.audit.tlog.checkpoints import open_checkpoint
from marketplace.audit.tlog.keys import KeyKind, SignerKey
from marketplace.audit.tlog.notes import add_signatures, sign, sign_note
from marketplace.audit.tlog.policy import MAX_OF_EACH, MAX_POLICY_BYTES, Group, Policy, parse_policy
from tests.unit.audit.tlog.refusing import does_not_hold, malformed
from tests.unit.audit.tlog.small_log import AT, LOG, OTHER_LOG, WITNESSES, log_of

NAMES = ["X1", "X2", "X3", "Y1", "Y2", "Y3"]
SIGNERS = {name: SignerKey(f"w.example/{name}", name.encode() * 16, KeyKind.COSIGNATURE) for name in NAMES}
# the example of the specification
EXAMPLE = f"""log {LOG.verifier.text}

witness X1 {SIGNERS["X1"].verifier.text}
witness X2 {SIGNERS["X2"].verifier.text}
witness X3 {SIGNERS["X3"].verifier.text}
group X-witnesses 2 X1 X2 X3

witness Y1 {SIGNERS["Y1"].verifier.text}
witness Y2 {SIGNERS["Y2"].verifier.text}
witness Y3 {SIGNERS["Y3"].verifier.text}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""
OTHER_KIND = "A log has a key of type 0x01 and a witness one of type 0x04; this is the other."
TWICE = "The key of log.example/gems is listed twice."
A, B = (WITNESSES[0].verifier.text, WITNESSES[1].verifier.text)


def read(text: str) -> Policy:
    return parse_policy(text.encode())


def cosigned(names: Sequence[str]) -> bytes:
    text = log_of(7).checkpoint().text
    return add_signatures(
        sign_note(text, signers=[LOG]), [sign(text, signer=SIGNERS[name], timestamp=AT) for name in names]
    )


def test_the_example_of_the_specification_is_read() -> None:
    policy = read(EXAMPLE)
    assert policy.logs == (LOG.verifier,)
    assert policy.witnesses == {name: signer.verifier for name, signer in SIGNERS.items()}
    assert policy.groups == {
        "X-witnesses": Group(2, ("X1", "X2", "X3")),
        "Y-witnesses": Group(1, ("Y1", "Y2", "Y3")),
        "X-and-Y": Group(2, ("X-witnesses", "Y-witnesses")),
    }
    assert policy.quorum == "X-and-Y"
    assert parse_policy(policy.to_bytes()) == policy


@pytest.mark.parametrize("names", [["X1", "X2", "Y1"], ["X2", "X3", "Y3"], NAMES])
def test_the_quorum_of_the_example_is_reached(names: list[str]) -> None:
    assert len(read(EXAMPLE).open_checkpoint(cosigned(names)).witnesses) == len(names)


@pytest.mark.parametrize("names", [[], ["X1"], ["X1", "X2", "X3"], ["X1", "Y1", "Y2", "Y3"]])
def test_the_quorum_of_the_example_is_missed(names: list[str]) -> None:
    sentence = f"Only {len(names)} of 6 witnesses signed; that is not enough for X-and-Y."
    with does_not_hold("quorum", sentence):
        read(EXAMPLE).open_checkpoint(cosigned(names))


def test_one_witness_may_be_the_quorum_and_none_may_be_asked() -> None:
    one = read(f"log {LOG.verifier.text}\nwitness a {A}\nwitness b {B}\nquorum b\n")
    assert one.open_checkpoint(log_of(7).signed(witnesses=2))
    with does_not_hold("quorum", "Only 1 of 2 witnesses signed; that is not enough for b."):
        one.open_checkpoint(log_of(7).signed(witnesses=1))
    assert read(f"log {LOG.verifier.text}\nquorum none\n").open_checkpoint(log_of(7).signed())
    assert read("quorum none\n") == Policy((), {}, {}, "none", {})


def test_a_policy_wants_its_own_logs_and_the_origin_asked_for() -> None:
    policy = read(EXAMPLE)
    foreign = sign_note(log_of(7).checkpoint().text, signers=[OTHER_LOG])
    with does_not_hold("wrong-key"):
        policy.open_checkpoint(foreign)
    with does_not_hold("origin"):
        policy.open_checkpoint(cosigned(NAMES), origin="another")


def test_who_signed_without_being_asked_does_not_count() -> None:
    policy = read(f"log {LOG.verifier.text}\nwitness a {A}\nquorum a\n")
    opened = open_checkpoint(log_of(7).signed(witnesses=2), logs=[LOG.verifier], witnesses=[WITNESSES[1].verifier])
    with does_not_hold("quorum", "Only 0 of 1 witnesses signed; that is not enough for a."):
        policy.check_quorum(opened)


def test_addresses_comments_and_spaces() -> None:
    text = (
        f" \t# a comment\n\n\tlog\t{LOG.verifier.text}  https://log.example/ \n"
        f" witness a {A} https://w.example\n#\nquorum a\t\n"
    )
    policy = read(text)
    assert policy.urls == {LOG.verifier: "https://log.example/", WITNESSES[0].verifier: "https://w.example"}
    assert policy.to_bytes().decode() == (
        f"log {LOG.verifier.text} https://log.example/\nwitness a {A} https://w.example\nquorum a\n"
    )


def test_names_are_bytes() -> None:
    kelvin = parse_policy(f"witness \u212a {A}\nwitness K {B}\nquorum K\n".encode())
    assert list(kelvin.witnesses) == ["\u212a", "K"]
    latin = f"witness caf\xe9 {A}\nquorum caf\xe9\n".encode("latin-1")
    assert parse_policy(latin).to_bytes() == latin
    # a no-break space does not separate
    assert list(parse_policy(f"witness a\u00a0b {A}\nquorum a\u00a0b\n".encode()).witnesses) == ["a\u00a0b"]


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("", "quorum", "The policy has no quorum line."),
        ("quorum none", "policy-end", "The policy does not end in a newline."),
        ("quorum none\nquorum none\n", "quorum", "Line 2: The policy has a second quorum line."),
        ("\nquorum a\n", "policy-name", "Line 2: No line above defines 'a'."),
        (f"quorum a\nwitness a {A}\n", "policy-name", "Line 1: No line above defines 'a'."),
        ("quorum\n", "policy-line", "Line 1: This is not a line of a policy: 'quorum'."),
        ("quorum a b\n", "policy-line", None),
        ("log\n", "policy-line", None),
        (f"log {LOG.verifier.text} u v\n", "policy-line", None),
        (f"witness {A}\n", "policy-line", None),
        (f"witness a {A} u v\n", "policy-line", None),
        (f"witness a {A}\ngroup g any\n", "policy-line", "Line 2: This is not a line of a policy: 'group'."),
        ("rule\n", "policy-line", None),
        (f"log {A}\n", "key-kind", f"Line 1: {OTHER_KIND}"),
        (f"witness a {LOG.verifier.text}\n", "key-kind", None),
        ("log what\n", "key", None),
        (f"log {LOG.verifier.text}\nlog {LOG.verifier.text}\n", "duplicate-key", f"Line 2: {TWICE}"),
        (f"witness a {A}\nwitness b {A}\n", "duplicate-key", None),
        (f"witness a {A}\nwitness a {B}\n", "policy-name", "Line 2: The name 'a' is taken."),
        (f"witness none {A}\n", "policy-name", "Line 1: The name 'none' is taken."),
        (f"witness a {A}\ngroup none any a\n", "policy-name", None),
        (f"witness a {A}\ngroup a any a\n", "policy-name", None),
        (f"witness a {A}\ngroup g any b\n", "policy-name", "Line 2: No line above defines 'b'."),
        (f"witness a {A}\ngroup g any g\n", "policy-name", None),
        (f"witness a {A}\ngroup g any none\n", "policy-name", None),
        (f"witness a {A}\ngroup g any a a\n", "policy-name", "Line 2: 'a' is a member of a group already."),
        (f"witness a {A}\ngroup g any a\ngroup h any a\n", "policy-name", None),
        (f"witness a {A}\ngroup g any a\nwitness g {B}\n", "policy-name", None),
        (f"witness a {A}\ngroup g 0 a\n", "threshold", "Line 2: A group of 1 cannot need 0 of its members."),
        (f"witness a {A}\ngroup g 2 a\n", "threshold", "Line 2: A group of 1 cannot need 2 of its members."),
        (f"witness a {A}\ngroup g 01 a\n", "number", None),
        (f"witness a {A}\ngroup g some a\n", "number", None),
        ("a\r\n", "control-character", "Line 1 has the control character 0x0D."),
        ("\n\x7f\n", "control-character", "Line 2 has the control character 0x7F."),
        ("\x00\n", "control-character", None),
        ("\x08\n", "control-character", None),
        ("\x0b\n", "control-character", None),
    ],
)  # fmt: skip
def test_a_malformed_policy_is_refused(text: str, code: str, sentence: str | None) -> None:
    with malformed(code, sentence):
        read(text)


def test_the_same_key_under_two_names_is_a_duplicate() -> None:
    again = SignerKey("another.example", WITNESSES[0].seed, KeyKind.COSIGNATURE)
    with malformed("duplicate-key"):
        read(f"witness a {A}\nwitness b {again.verifier.text}\n")
    as_log = SignerKey("another.example", LOG.seed)
    with malformed("duplicate-key"):
        read(f"log {LOG.verifier.text}\nlog {as_log.verifier.text}\n")


def test_groups_need_what_they_say() -> None:
    for threshold, needed in (("1", 1), ("2", 2), ("any", 1), ("all", 2)):
        policy = read(f"witness a {A}\nwitness b {B}\ngroup g {threshold} a b\nquorum g\n")
        assert policy.groups["g"].threshold == needed


def test_a_policy_has_limits() -> None:
    keys = [
        SignerKey("w", number.to_bytes(32, "big"), KeyKind.COSIGNATURE).verifier for number in range(MAX_OF_EACH + 1)
    ]
    lines = [f"witness w{number} {key.text}\n" for number, key in enumerate(keys)]
    groups = [f"group g{number} any w{number}\n" for number in range(MAX_OF_EACH)]
    logs = [f"log {SignerKey('log', key.public).verifier.text}\n" for key in keys]
    assert len(read("".join([*lines[:-1], "quorum w0\n"])).witnesses) == MAX_OF_EACH
    sentence = "A policy has at most 256 logs, witnesses and groups each."
    with malformed("policy-size", f"Line 257: {sentence}"):
        read("".join(lines))
    with malformed("policy-size", f"Line 257: {sentence}"):
        read("".join(logs))
    with malformed("policy-size", f"Line 513: {sentence}"):
        read("".join([*lines[:-1], *groups, "group more any g0\n"]))
    quorum = "quorum none\n"
    filled = "#" * (MAX_POLICY_BYTES - len(quorum) - 1) + "\n" + quorum
    assert read(filled).quorum == "none"
    with malformed("policy-size", f"The policy has {MAX_POLICY_BYTES + 1} bytes; at most {MAX_POLICY_BYTES} are read."):
        read("#" + filled)
