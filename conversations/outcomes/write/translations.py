"""Translating an outcome, one text at a time, into another language or reading version."""

from collections.abc import Iterator

from conversations.consultations.form import Texts
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import Words, language_name
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row
from conversations.outcomes.effects import WriteVariant
from conversations.outcomes.outcome import Outcome, Spot, TextName, outdated_variant, spots, text_at
from conversations.outcomes.wording import decision_sentence
from conversations.outcomes.write.checks import check_text
from conversations.outcomes.write.draft import Draft
from conversations.outcomes.write.navigation import goto_next_variant, goto_step, spot_of
from conversations.outcomes.write.part import too_long_text
from conversations.outcomes.write.reasons import SAYS_NOTHING, says_nothing
from conversations.outcomes.write.rules import VARIANT_MOST
from conversations.people.names import version_names
from conversations.people.variants import Reader, readers

_KEY = "in:"  # the prefix of a variant in a button's key


# --- choosing a variant ---------------------------------------------------------------------------


def ask_words(_session: Session, draft: Draft, facts: Facts) -> Say:
    """Lists every other language and reading version, with the number of texts that it lacks."""
    _ = facts.words
    others = _other_readers(draft, facts)
    lines = [f"{n}. {_variant_line(reader, draft, _)}" for n, reader in enumerate(others, 1)]
    rows: list[Row] = [(Choice(f"{_KEY}{reader.variant}", reader.name),) for reader in others]
    text = "\n".join((_("For whom do you want to write it in other words?"), *lines))
    if not others:
        text = _("Only one language is on offer here, in one version.")
    return Say(text, heading=_("In other words"), rows=(*rows, back_row(_)), replaces=True)


def take_words(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "back"):
            return Turn(goto_step(session, "preview"))
        case Chose(_, key) if key in {f"{_KEY}{reader.variant}" for reader in _other_readers(draft, facts)}:
            variant = key.removeprefix(_KEY)
            every = not missing_texts(draft.outcome, variant)
            return Turn(goto_next_variant(session.with_notes(variant=variant, all=every), draft))
    return None


def _other_readers(draft: Draft, facts: Facts) -> list[Reader]:
    return [reader for reader in readers(facts) if reader.variant != draft.outcome.language]


def _variant_line(reader: Reader, draft: Draft, _: Words) -> str:
    missing = missing_texts(draft.outcome, reader.variant)
    if not missing:
        return _("{language}: complete.", language=reader.name)
    return _.many(
        "{language}: {n} text is missing.",
        "{language}: {n} texts are missing.",
        missing,
        language=reader.name,
    )


def missing_texts(outcome: Outcome, variant: str) -> int:
    """The number of texts that lack this variant."""
    return sum(not texts.get(variant) for _spot, texts in spots(outcome))


# --- text by text ---------------------------------------------------------------------------------


def ask_word(session: Session, draft: Draft, facts: Facts) -> Say:
    """Asks for one text, and shows its original and its current variant."""
    _, outcome, spot = facts.words, draft.outcome, spot_of(session)
    variant, texts = str(session.notes["variant"]), text_at(outcome, spot)
    if not texts:
        return Say(_("That text isn't there any more."), rows=(back_row(_),), replaces=True)
    places = [found for found, _texts in spots(outcome)]
    now, before = texts.get(variant, ""), outdated_variant(texts, variant)
    lines = [_original_text(spot, outcome, _)]
    if now:
        lines.append(_("It says now: {text}", text=now))
    elif before:
        lines.append(_("The original was changed. Before that it said: {text}", text=before))
    kept: Row = (Choice("keep", _("Keep it")),) if now or before else ()
    ways: Row = (Choice("skip", _("Skip"), aside=True), *back_row(_))
    name = next((one.name for one in readers(facts) if one.variant == variant), variant)
    return Say(
        "\n\n".join(lines),
        heading=name,
        progress=(places.index(spot) + 1, len(places)),
        rows=(kept, ways) if kept else (ways,),
        expects="text",
        replaces=True,
    )


def take_word(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    spot, variant = spot_of(session), str(session.notes["variant"])
    texts = text_at(draft.outcome, spot)
    match event:
        case Chose(_, "back"):
            return Turn(goto_step(session, "words"))
        case Chose(_, "skip"):
            return Turn(goto_next_variant(session, draft))
        case Chose(_, "keep") if texts.get(variant):
            return Turn(goto_next_variant(session, draft))
        case Chose(_, "keep") if before := outdated_variant(texts, variant):
            return Turn(
                goto_next_variant(session, draft),
                effects=(WriteVariant(draft.subject, spot, variant, before),),
            )
        case Said(typed) if texts:
            text = " ".join(typed.split())
            if len(text) > VARIANT_MOST:
                return Turn(session, (Say(too_long_text(text, VARIANT_MOST, facts.words)),))
            if text and spot.name == "because" and says_nothing(text):
                return Turn(session, (Say(facts.words(SAYS_NOTHING)),))
            notes = {
                name: session.notes[name] for name in ("part", "variant", "all") if name in session.notes
            }
            after = check_text(goto_next_variant(session, draft), draft, text, spot, **notes)
            return Turn(after, effects=(WriteVariant(draft.subject, spot, variant, text),)) if text else None
    return None


def _original_text(spot: Spot, outcome: Outcome, _: Words) -> str:
    """The original text with a label."""
    text = outcome.original(text_at(outcome, spot))
    decision = outcome.part(spot.place).decision if spot.place is not None else None
    if spot.name == "what" and decision:
        return decision_sentence(decision, text, _)
    names: dict[TextName, str] = {
        "you_said": _("You said"), "we_heard": _("We heard"), "because": _("Because"),
        "owner": _("Who will do it"), "who": _("Who decided"), "picture": _("What the picture shows"),
    }  # fmt: skip
    return f"{names[spot.name]}: {text}"


# --- gaps, before it goes out ---------------------------------------------------------------------


def gap_lines(draft: Draft, facts: Facts) -> Iterator[str]:
    """What is missing in other languages, and in the reading versions of the original: a line for each variant that
    was started, and one line for all that were not. Gaps do not prevent sending.
    """
    _, outcome = facts.words, draft.outcome
    texts = [said for _spot, said in spots(outcome)]
    own, versions = language_name(outcome.language, _.language), version_names(_)
    absent: list[str] = []
    for language in (one for one in facts.rules.languages if one != outcome.language):
        missing = sum(not _has_language(said, language) for said in texts)
        name = language_name(language, _.language)
        if missing == len(texts):
            absent.append(name)
        elif missing:
            yield _.many(
                "{language}: {n} text is missing, so they read all of it in {own}.",
                "{language}: {n} texts are missing, so they read all of it in {own}.",
                missing,
                language=name,
                own=own,
            )
    for version in facts.library.versions(outcome.language)[1:]:
        missing = missing_texts(outcome, f"{outcome.language}-{version}")
        if missing == len(texts):
            absent.append(versions[version])
        elif missing:
            yield _.many(
                "{version}: {n} text stays as in the normal version.",
                "{version}: {n} texts stay as in the normal version.",
                missing,
                version=versions[version],
            )
    if absent:
        yield _("Not there yet: {names}. They read it in {own}.", names=_.comma_list(absent), own=own)


def _has_language(texts: Texts, language: str) -> bool:
    return any(said for key, said in texts.items() if key.partition("-")[0] == language)
