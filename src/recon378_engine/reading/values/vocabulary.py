"""Words that column names are made of, in the languages of bank exports, and what they say about the column."""

import re
import unicodedata
from functools import lru_cache


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


DATE = _set(
    "日付 日期 年月日 取引日 お取引日 交易日期 記帳日 날짜 거래일 거래일자 تاريخ التاريخ तारीख tarih dátum bokföringsdag "
    "date dated datum data fecha datums dato dag day buchungstag buchungsdatum valuta valutadatum valuedate wertstellung "
    "wertstellungstag belegdatum rechnungsdatum faelligkeit booked posted posting bookingdate duedate due timestamp ts time "
    "created updated period when jour operation dob birth birthday birthdate geburtsdatum дата päivä paivamaara "
    "data_operacji datetime datetimeutc on"
)
TIME = _set("time timestamp ts datetime created updated uhrzeit heure hora zeit zeitstempel")
AMOUNT = _set(
    "amount amt betrag montant importe importo bedrag valor kwota wartosc сумма summe sum total totaal value price preis "
    "prix precio prezzo cost kosten fee fees gebuehr gebühr debit credit debet soll haben belastung gutschrift débit crédit "
    "debe haber dare avere balance saldo solde kontostand umsatz net netto gross brutto tax vat mwst steuer paid payment "
    "withdrawal withdrawals deposit deposits moneyin moneyout inflow outflow belopp beloeb beløb beløp summa amountminor "
    "turnover revenue charge salary rate kurs cargo cargos abono abonos addebito accredito entrate uscite retrait versement "
    "obciążenie uznanie kwotatransakcji uttag insättning wydatki wpływy borç alacak tutar дебет кредит приход расход остаток "
    "金額 金额 残高 余额 支出 收入 出金 入金 借方 贷方 貸方 お支払金額 お預り金額 支払金額 預り金額 금액 잔액 출금 입금"
)
DEBIT = _set(
    "debit debet soll belastung débit debe dare withdrawal withdrawals moneyout outflow paidout lastschrift af uit ausgabe "
    "ausgaben debits adebit cargo cargos addebito addebiti uscite uscita dépense dépenses retrait retraits sortie sorties "
    "obciążenie obciążenia wydatki uttag ud out spent paidout dr borç "
    "дебет расход 支出 出金 借方 お支払金額 お引出し 支払金額 출금 출금액"
)
CREDIT = _set(
    "credit haben gutschrift crédit haber avere deposit deposits moneyin inflow paidin bij in einnahme einnahmen credits "
    "abono abonos accredito accrediti entrate entrata recette recettes dépôt dépôts versement versements entrée entrées uznanie "
    "uznania wpływy insättning ind received cr alacak кредит приход 收入 入金 贷方 貸方 お預り金額 お預入れ 預り金額 입금 입금액"
)
SIGN = _set(
    "dc cd drcr crdr sign type indicator sh soll haben sollhaben debitcredit creditdebit cdtdbtind afbij vorzeichen "
    "kennzeichen direction sens side"
)
IDENTIFIER = _set(
    "id ids key uid uuid guid no nr num number nummer numero numéro code ref reference referenz référence referencia iban "
    "bic swift account acct konto kontonummer blz zip plz postcode postal postleitzahl phone tel telephone telefon mobile "
    "fax isbn ean sku gtin vatid ssn soc sec invoice rechnung rechnungsnummer rechnungsnr facture factura order auftrag "
    "bestellung cheque check voucher beleg belegnummer belegnr customer kunde kundennummer kundennr client transactionid "
    "txid txn fitid hash serial barcode article artikel artikelnummer"
)
TEXT = _set(
    "description desc text details detail memo note notes name payee payer beneficiary verwendungszweck zweck buchungstext "
    "empfänger empfaenger auftraggeber libelle libellé concepto descripcion descrizione omschrijving currency ccy währung "
    "waehrung devise moneda valuta category kategorie type status title first last given surname vorname nachname firstname "
    "lastname company firma address adresse street strasse city ort town cities counties county country land state region "
    "location email mail comment kommentar narrative particulars counterparty department language unit quantity menge qty "
    "format gender age product produkt year month value val partner firm label item store brand manufacturer authors venue "
    "suburb"
)
KNOWN = DATE | AMOUNT | IDENTIFIER | TEXT | SIGN | TIME


@lru_cache(maxsize=4096)
def words(name: str) -> frozenset[str]:
    """The lower-case words of a column name, split at spaces, signs and camel case; the whole name joined counts too."""
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", unicodedata.normalize("NFC", name))
    found = [word for word in re.split(r"[\W\d_]+", spaced.lower()) if word]
    return frozenset([*found, "".join(found)])


def is_known(name: str) -> bool:
    """Whether a cell reads like a column name rather than like data."""
    return bool(words(name) & KNOWN) or re.fullmatch(r"[A-Za-z]|(col|column|field|c|f|x|v)_?\d{1,5}", name.strip()) is not None


def says_date(name: str) -> bool:
    return bool(words(name) & DATE)


def says_time(name: str) -> bool:
    return bool(words(name) & TIME)


def says_amount(name: str) -> bool:
    found = words(name)
    return bool(found & AMOUNT) and not found & {
        "id",
        "ref",
        "reference",
        "type",
        "code",
        "no",
        "nr",
        "number",
        "nummer",
        "currency",
        "date",
        "datum",
        "name",
    }


def says_identifier(name: str) -> bool:
    return bool(words(name) & IDENTIFIER) and not says_amount(name)
