"""Column names in the languages that exports are written in, and the role each of them speaks for."""

import re
import unicodedata

from recon378_engine.table import Role

# English, German, French, Spanish, Italian, Dutch, Portuguese, Scandinavian; matched as whole words of the split header.
_WORDS: tuple[tuple[Role, str], ...] = (
    (Role.EMAIL, "email e-mail mail emailaddress courriel correo"),
    (Role.PHONE, "phone telephone tel telefon mobile mobil handy cell fax telefono telefoon telefone"),
    (Role.POSTCODE, "postcode zip zipcode postal plz postleitzahl cap postnummer cep postcodes"),
    (Role.CITY, "city town suburb ort stadt ville ciudad citta plaats cidade municipality locality by"),
    (Role.ADDRESS, "address addr street strasse straße adresse adress rue calle via straat direccion indirizzo anschrift road"),
    (Role.GIVEN_NAME, "given first firstname forename givenname vorname prenom prénom nombre voornaam fname fornavn"),
    (
        Role.FAMILY_NAME,
        "family last lastname surname nachname familienname apellido apellidos cognome achternaam lname sobrenome etternavn",
    ),
    (
        Role.ORGANISATION,
        "company organisation organization org firma employer vendor supplier kreditor unternehmen societe empresa lieferant",
    ),
    (Role.VALUE_DATE, "valuedate valuta wertstellung wertstellungstag valutadatum datavaluta"),
    (Role.CURRENCY, "currency ccy curr währung waehrung wahrung devise moneda valuta_code iso divisa"),
    (Role.BALANCE, "balance saldo solde"),
    (Role.DEBIT, "debit debits soll withdrawal withdrawals débit debe dare af outflow"),
    (Role.CREDIT, "credit credits haben deposit deposits crédit haber avere bij inflow"),
    (
        Role.AMOUNT,
        "amount betrag umsatz montant importe importo bedrag valor total value amt sum price preis net gross brutto netto",
    ),
    (Role.DATE, "date datum fecha data dato buchungstag booking posting dob birth birthdate geburtsdatum day"),
    (
        Role.REFERENCE,
        "reference ref referenz invoice inv rechnung rechnungsnummer document doc beleg belegnummer order auftrag factura facture"
        " fattura factuur voucher cheque check endtoend e2e mandate",
    ),
    (
        Role.IDENTIFIER,
        "id key guid uuid identifier code number no nr nummer num sku isbn ean iban account konto ssn passport vat ustid tin",
    ),
    (Role.QUANTITY, "quantity qty menge anzahl units count pieces"),
    (
        Role.FREE_TEXT,
        "description desc memo text narrative details purpose verwendungszweck buchungstext note notes comment remarks"
        " libelle libellé concepto causale omschrijving particulars title titel titre",
    ),
    (
        Role.PERSON_NAME,
        "name fullname person contact customer client holder kunde author authors payee payer counterparty beneficiary"
        " auftraggeber empfänger nom naam nome",
    ),
    (Role.CATEGORY, "type category kind class status state country land gender sex genre venue channel segment group art"),
)
_ROLE_OF_WORD = {word: role for role, words in reversed(_WORDS) for word in words.split()}
# What German compounds end with: Buchungsdatum, Rechnungsnummer, Kundenname.
_COMPOUND_HEADS = (
    "datum",
    "betrag",
    "umsatz",
    "nummer",
    "nr",
    "name",
    "zweck",
    "text",
    "referenz",
    "wahrung",
    "waehrung",
    "saldo",
)
# A header of several words is spoken for by the first of these roles that any of its words has.
_ORDER = {role: rank for rank, (role, _) in enumerate(_WORDS)}


def words(header: str) -> list[str]:
    """Lower-case words of a header: camelCase, snake_case and punctuation are split, accents kept and also dropped."""
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", header.strip())
    found = [word for word in re.split(r"[\W_]+", spaced.lower()) if word]
    return found or [header.strip().lower()]


def roles_of_header(header: str) -> tuple[Role, ...]:
    """All roles that a header may name, the first the likeliest: a `posting_no` may be a date by its first word, and is a
    number by its second.
    """
    parts = words(header)
    joined = "".join(parts)
    if joined in _ROLE_OF_WORD:
        return (_ROLE_OF_WORD[joined],)
    found = sorted({role for part in parts if (role := _known(part)) is not None}, key=_ORDER.__getitem__)
    if {"value", "date"} <= set(parts):
        found.insert(0, Role.VALUE_DATE)
    return tuple(found)


def _known(part: str) -> Role | None:
    bare = "".join(char for char in unicodedata.normalize("NFKD", part) if not unicodedata.combining(char))
    for form in (part, bare, part.rstrip("0123456789"), part.removesuffix("s")):
        if form in _ROLE_OF_WORD:
            return _ROLE_OF_WORD[form]
    return next((_ROLE_OF_WORD[head] for head in _COMPOUND_HEADS if bare.endswith(head) and len(bare) > len(head) + 2), None)
