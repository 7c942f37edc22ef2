"""What a person who knows a set would tell a program about it: the fields, what they are, and which keys to block on.

All peers get the same description. Ours gets none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """`fields` maps a prepared column to its kind: name, birth, email, code, model, address, place, title, words, category,
    amount, day.

    `blocks` are the keys for candidates, `sure` those on which equal records are nearly always the same, `training` the keys
    under which a model is fitted; keys are prepared columns. `first_block` is what the peers' tutorials would block on. `apart`
    are fields that hang together with another one: models that take fields for independent do better without them.
    """

    fields: Mapping[str, str]
    blocks: tuple[Key, ...]
    sure: tuple[Key, ...]
    training: tuple[Key, ...]
    first_block: tuple[Key, ...]
    apart: Key = ()

    @property
    def independent(self) -> dict[str, str]:
        """The fields without those that hang together with another one."""
        return {name: kind for name, kind in self.fields.items() if name not in self.apart}


_PEOPLE = Description(
    {"given": "name", "family": "name", "birth": "birth", "street": "address", "postcode": "code", "town": "place",
     "email": "email", "phone": "code"},
    (("given", "family"), ("birth", "postcode"), ("email",), ("phone",), ("family", "birth"), ("given", "birth"),
     ("street", "town"), ("family", "postcode")),
    (("email",), ("phone",), ("given", "family", "birth")),
    (("birth",), ("given", "family"), ("email",)),
    (("given",), ("family",)),
    ("postcode", "town"),
)  # fmt: skip
_NARROW = Description(
    {"given": "name", "family": "name", "street": "address", "postcode": "code", "town": "place"},
    (("given", "family"), ("street", "town"), ("family", "postcode"), ("given", "postcode"), ("street",)),
    (("given", "family", "postcode"), ("given", "family", "street")),
    (("street", "town"), ("given", "family")),
    (("given",), ("family",)),
)
_CUSTOMERS = Description(
    {"first_name": "name", "last_name": "name", "dob": "birth", "street": "address", "postcode": "code", "city": "place",
     "email": "email", "phone": "code"},
    (("first_name", "last_name"), ("dob", "postcode"), ("email",), ("phone",), ("last_name", "dob"), ("first_name", "dob"),
     ("street", "city"), ("last_name", "postcode")),
    (("email",), ("phone",), ("first_name", "last_name", "dob")),
    (("dob",), ("first_name", "last_name"), ("email",)),
    (("first_name",), ("last_name",)),
    ("postcode", "city"),
)  # fmt: skip
_OFFERS = Description(
    {"title": "words", "brand": "category", "number": "model", "price": "amount"},
    (("number",), ("brand", "price_step"), ("brand", "second_word")),
    (("number",),),
    (("number",), ("brand", "second_word")),
    (("brand",),),
)
_PAYMENTS = Description(
    {"amount": "amount", "day": "day", "memo": "title", "reference": "code"},
    (("reference",), ("amount", "month"), ("amount", "memo_start"), ("memo_start", "month", "amount_step")),
    (("reference", "amount"),),
    (("memo",), ("amount",)),
    (("amount",), ("memo_start", "month")),
)
_BANK = Description(
    {"amount": "amount", "day": "day", "memo": "title"},
    (("memo_start", "month", "amount_step"), ("memo_start", "next_month", "amount_step"), ("memo_start", "memo_end"),
     ("amount", "month"), ("amount", "week")),
    (("memo", "amount"),),
    (("memo",), ("amount",)),
    (("amount",), ("memo_start", "month")),
)  # fmt: skip
DESCRIPTIONS: Mapping[str, Description] = MappingProxyType(
    {
        "people": _PEOPLE,
        "people-narrow": _NARROW,
        "customers": _CUSTOMERS,
        "products": _OFFERS,
        "payouts": _PAYMENTS,
        "bank_transactions": _BANK,
        "abt_buy": replace(_OFFERS, blocks=(("number",), ("brand",))),
        "febrl4": Description(
            {"given_name": "name", "surname": "name", "date_of_birth": "birth", "soc_sec_id": "code",
             "street_number": "category", "postcode": "code"},
            (("given_name", "surname"), ("date_of_birth",), ("soc_sec_id",), ("state", "address_1"),
             ("street_number", "address_1"), ("postcode",)),
            (("soc_sec_id",), ("given_name", "surname", "date_of_birth")),
            (("date_of_birth",), ("postcode",)),
            (("given_name", "surname"), ("date_of_birth",), ("soc_sec_id",)),
        ),
        "dblp_acm": Description(
            {"title": "title", "authors": "words", "venue": "category", "year": "code"},
            (("year",),),
            (("title", "year"),),
            (("title",), ("year", "first_author")),
            (("title_start",),),
            ("venue",),
        ),
        "fodors_zagats": Description(
            {"name": "title", "addr": "address", "city": "place", "phone": "code", "type": "category"},
            (("phone",), ("name",), ("city", "name_start"), ("addr_number", "name_start"), ("city", "addr_number")),
            (("phone",),),
            (("phone",), ("city", "name_start")),
            (("name",), ("phone",)),
        ),
    }
)  # fmt: skip


def description_of(name: str) -> Description:
    """The description of a set or, for a variant like people-noisy, of what it varies. Raises KeyError for an unknown set."""
    return DESCRIPTIONS[name] if name in DESCRIPTIONS else DESCRIPTIONS[name.partition("-")[0]]
