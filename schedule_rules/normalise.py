"""stub"""
from schedule_rules.programme import Lang
from schedule_rules.schedule import FoundFrequency, Phase, Schedule, Unclear
def normalise(text: str, lang: Lang | None = None) -> Schedule | Unclear:
    raise NotImplementedError
def find_frequencies(text: str, lang: Lang | None = None) -> tuple[FoundFrequency, ...]:
    raise NotImplementedError
def find_phases(text: str, lang: Lang | None = None) -> tuple[Phase, ...]:
    raise NotImplementedError
def find_vague(text: str, lang: Lang | None = None) -> tuple[str, ...]:
    raise NotImplementedError
