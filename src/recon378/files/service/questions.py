"""Questions of the importer in words that a person can choose between, and the answers that settle them."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from recon378.errors import Unprocessable
from recon378.files.service.templates import ROLE, TYPE, column_of
from recon378_engine.reading.inspection import Question
from recon378_engine.table import ColumnType, Role

ORDERS: Final = {"dmy": ("Day first", (2, 1, 0)), "mdy": ("Month first", (2, 0, 1)), "ymd": ("Year first", (0, 1, 2))}
MARKS: Final = {".": "Decimal point", ",": "Decimal comma"}
SAME_CENTURY: Final = 69  # two-digit years up to this one are of this century (POSIX strptime)
CHOOSABLE_TYPES: Final = (ColumnType.AMOUNT, ColumnType.DATE, ColumnType.TEXT, ColumnType.IDENTIFIER)


def question_out(question: Question) -> dict[str, Any]:
    """A `QuestionOut` as plain data."""
    return {
        "key": question.key,
        "why": question.why,
        "choices": list(question.choices),
        "labels": [label_of(question, choice) for choice in question.choices],
        "values_concerned": question.values,
    }


def label_of(question: Question, choice: str) -> str:
    """What a choice would mean, told on the example that the question names."""
    kind = question.key.partition(":")[0]
    if kind == "date_order" and choice in ORDERS:
        return _dated(question.why, choice)
    if kind == "decimal" and choice in MARKS:
        return _numbered(question.why, choice)
    if kind == "header":
        return "There is no header" if choice == "none" else f"Line {choice} is the header"
    return choice.replace("_", " ")


def settled(question: Mapping[str, Any], answer: str) -> dict[str, Any]:
    """A `SettledOut` as plain data: a question with its answer."""
    known = dict(zip(question["choices"], question["labels"], strict=True))
    return {**question, "answer": answer, "answer_label": known.get(answer, answer)}


def column_change(key: str, answer: str, columns: list[dict[str, Any]]) -> dict[str, Any]:
    """A `SettledOut` for a column that a person changed. Raises Unprocessable for an unknown column, type or role."""
    name = column_of(key)
    if all(column["name"] != name for column in columns):
        raise Unprocessable(f"The file has no question or column for '{key}'.", key=key)
    words = [kind.value for kind in (CHOOSABLE_TYPES if key.startswith(TYPE) else Role)]
    if answer not in words:
        raise Unprocessable(f"'{answer}' is no answer to '{key}': choose one of {', '.join(words)}.", key=key)
    what = "type" if key.startswith(TYPE) else "role"
    question = {
        "key": key,
        "why": f"The {what} of column '{name}' was chosen.",
        "choices": [],
        "labels": [],
        "values_concerned": 0,
    }
    return question | {"answer": answer, "answer_label": answer.replace("_", " ")}


def engine_answers(answers: Mapping[str, str]) -> dict[str, str]:
    """What the importer is told. Roles are applied to what it read."""
    return {key: answer for key, answer in answers.items() if not key.startswith(ROLE)}


def chosen_roles(answers: Mapping[str, str]) -> dict[str, str]:
    """Role by column name."""
    return {key.removeprefix(ROLE): answer for key, answer in answers.items() if key.startswith(ROLE)}


def _dated(why: str, order: str) -> str:
    words, places = ORDERS[order]
    numbers = _numbers(why)
    if len(numbers) < 3:
        return words
    year, month, day = (numbers[place] for place in places)
    full_year = year + (2000 if year <= SAME_CENTURY else 1900) if year < 100 else year
    try:
        meant = date(full_year, month, day)
    except ValueError:
        return words
    return f"{words}: {meant.day} {meant:%B %Y}"


def _numbers(why: str) -> list[int]:
    example = next((text for text in reversed(re.findall(r"'([^']*)'", why)) if re.match(r"\s*\d", text)), "")
    return [int(number) for number in re.findall(r"\d+", example)[:3]]


def _numbered(why: str, mark: str) -> str:
    example = next((text for text in re.findall(r"'([^']*)'", why) if re.search(r"\d[.,]\d", text)), None)
    if example is None:
        return MARKS[mark]
    digits = re.sub(rf"[^\d{re.escape(mark)}-]", "", example)
    return f"{MARKS[mark]}: {example} is {digits.replace(',', '.')}"
