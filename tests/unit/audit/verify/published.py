"""Published vectors of credentials, with where they come from.

- Credential, keys, hash, signature: W3C vc-di-eddsa, TestVectors/eddsa-jcs-2022 (signedJCS.json at 369f0f00ad3d,
  combinedHashJCS.txt at 0c5c862b6099 with the method of proofCanonJCS.txt at 049085c110ef) and
  TestVectors/keyPair.json.
"""

from typing import Any, Final

KEY: Final = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
SECRET: Final = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
SIGNATURE: Final = "z63t83Y53KfzJ5ZosfKTnqfMcKB2dmTrfjSaQjeNNjAD5srBowQfmWqeRb8rRjmeEuCBEsddF9LsVogtuTsijJKh4"
CONTEXTS: Final = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
METHOD: Final = f"https://vc.example/issuers/5678#{KEY}"
# With the method did:key:KEY#KEY in the proof: SHA-256 of the proof's canonical form first, then the document's.
COMBINED_HASH: Final = (
    "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
    "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
)


def alumni() -> dict[str, Any]:
    return {
        "@context": list(CONTEXTS),
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "AlumniCredential"],
        "name": "Alumni Credential",
        "description": "A minimum viable example of an Alumni Credential.",
        "issuer": "https://vc.example/issuers/5678",
        "validFrom": "2023-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
    }


def signed_alumni() -> dict[str, Any]:
    return {
        **alumni(),
        "proof": {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "created": "2023-02-24T23:36:38Z",
            "verificationMethod": METHOD,
            "proofPurpose": "assertionMethod",
            "@context": list(CONTEXTS),
            "proofValue": SIGNATURE,
        },
    }
