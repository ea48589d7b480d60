"""Where a long Finnish or Swedish word may break: between the parts of a compound, else between syllables.

The later parts of compounds that programmes of cities use are listed by their stems, so that every case and
number of a word is found; what no list knows breaks at its syllables.
"""

from __future__ import annotations

import re
from typing import Final

SOFT_HYPHEN: Final = "\N{SOFT HYPHEN}"
LONGEST_WHOLE: Final = 16
"""Letters of a word, or of a part of one, that stays in one piece."""
_BEFORE, _AFTER = 3, 4
"""Letters that must stand before and after a break."""
_FINNISH: Final = """
    alue arvioin asumi ehdo ehkäis energia hallin hallitu hanke harjoittelu henkilö hoido huolt ilmasto
    info jakso järjestelm järjestö jäsen kahvila kanav kasvatu katsau kaudella kauden kaudesta kausi kauti
    kaveri kehitt kehity kerto keskuks keskus kieli koordin kortteli koulu koulutu kulttuuri kunna kunta
    kurssi kysely käsittel käyttö laitoks laitos liikenne linki linkki lomak luettelo lähiö mahdollisuu
    malli materiaal menettely messu mittari määrä neljänne neuvoja neuvonn neuvonta neuvosto neuvottelu
    ohjau ohjelm oikeu opetu organisaatio orientaatio osaami osallisuu osoit paik palaut palvelim palvelu
    piste politiik projekti prosess päivysty päivä päällik päästö päätö rahoit rajapin rakennu rakentami
    raport ryhm sektor selvity seurann seuranta sijoitta sopimu strategi suunnitel suunnittelu syöt säätiö
    taho taido taito talo tapaami tapahtum tapau tarin tarpe tausta tavoi tehok tervey tiedo tieto
    tiivistelm tilai tilann toimenpi toimi tuki tulkin tuotann turvallisuu tutkimu työ vaihtoeh vaikutu
    valmennu valtuusto varhaiskasvatu vastaav vastuu verkosto vertaisu vierailu viestin viljely viranomai
    vuokr väestö välittä välity yhdisty yhteistyö yhteisö yksik ympäristö yrity
"""
_SWEDISH: Final = """
    aktör alternativ anvisning användning arbet avtal bakgrund basera bedömning berättels bibliotek
    bostäder byggande center chef delaktighet effektiv energi enhet erfarenhet evenemang finansiering
    forskning fostran fråg färdighet förbund förebyggande förening förmedling förvaltning garanti grupp
    handledning hälsa indelning indikator information insamling instruktion inställning integration
    investera kalend kanal klimat kommunikation kompis kontakt kraft kunskap kurs kvalitet ledamot ledamöt
    ledning list länk läroanstalt lösning material medlem medvetenhet miljö modell mottagning myndighet
    mässa mässo mässor målsättning möjlighet möte nivå nämnd nätverk odling områd organisation orienter
    period person plan plats politik prenumer process produktion program projekt rapport relation
    rättighet råde rådgiv samarbet samhäll samordn sektor service skol skydd språk strategi styrels ställe
    tillfäll tjänst trafik träff undervisning uppfölj uppgift utbildning utredning utsläpp utveckl
    variation verksamhet verkstad version vård ägar åtgärd övergripande översikt
"""
_PART: Final = re.compile(
    "|".join(sorted({*_FINNISH.split(), *_SWEDISH.split()}, key=len, reverse=True)), re.IGNORECASE
)
_LONG_WORD: Final = re.compile(rf"[^\W\d_]{{{LONGEST_WHOLE + 1},}}")
# A syllable begins before a consonant with a vowel behind it: right for Finnish, near enough elsewhere.
_SYLLABLE: Final = re.compile(r"(?<=...)(?=[^\W\d_aeiouyåäöé][aeiouyåäöé])(?=...)", re.IGNORECASE)


def with_breaks(text: str) -> str:
    """Return ``text`` with soft hyphens in its words of more than 16 letters."""
    return _LONG_WORD.sub(lambda word: SOFT_HYPHEN.join(_pieces(word[0])), text)


def compound_parts(word: str) -> list[str]:
    """Return the parts of a compound as far as they are known, else the whole word."""
    starts = [0]
    for found in _PART.finditer(word):
        if found.start() - starts[-1] >= _BEFORE and len(word) - found.start() >= _AFTER:
            starts.append(found.start())
    return [word[one:after] for one, after in zip(starts, [*starts[1:], len(word)], strict=True)]


def _pieces(word: str) -> list[str]:
    return [
        piece
        for part in compound_parts(word)
        for piece in ([part] if len(part) <= LONGEST_WHOLE else _SYLLABLE.split(part))
    ]
