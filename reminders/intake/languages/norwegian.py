"""The Norwegian (bokmål) words of documents, read by all that reads them: data."""

from __future__ import annotations

from reminders.intake.vocabulary import DocumentWords, HeadingWords

_HEADINGS = HeadingWords(
    names={
        "number": "nr|nummer|lopenummer|id",
        "domain": """
            tema|satsingsomrade|innsatsomrade|fokusomrade|temaomrade|delomrade|omrade|prioritert omrade|
            kapittel|
            kategori|utviklingsomrade|virksomhetsomrade""",
        "goal": "mal|malsetting|malsettinger|delmal|hovedmal|overordnet mal|formal|effektmal|resultatmal",
        "action": """
            tiltak|tiltakene|aktivitet|aktiviteter|oppgave|oppgaver|hva|hva skal gjores|beskrivelse av tiltak|
            innsats|handling|prosjekt|delprosjekt|tiltaksbeskrivelse|konkrete tiltak""",
        "schedule": """
            frist|tidsfrist|tidsplan|tidsrom|tid|tidspunkt|nar|dato|ar|periode|ferdig|ferdigstilles|
            ferdig innen|
            gjennomforing|gjennomforingsperiode|tidsperiode|sluttdato|innen|nar skal det gjores|fremdrift|
            framdrift|maned|tidsramme|fremdriftsplan|framdriftsplan""",
        "start": "start|oppstart|startdato|starter|fra",
        "end": "slutt|ferdigstillelse|avsluttes|slutter|til",
        "responsible": """
            ansvarlig|ansvarlige|ansvar|ansvarlig enhet|ansvarlig instans|ansvarlig virksomhet|
            ansvarlig avdeling|
            ansvarlig aktor|hovedansvar|hovedansvarlig|hvem|hvem har ansvar|eier|tiltakseier|
            gjennomforingsansvar|
            ansvarlig tjeneste|ansvarlig etat|ansvarlig sektor|ansvarlig for gjennomforing|utforer|
            ansvarlig for oppfolging|hvem gjor hva|ansvarsfordeling""",
        "partners": """
            samarbeidspartner|samarbeidspartnere|samarbeid|samarbeid med|i samarbeid med|samarbeidsparter|
            medvirkende|deltakere|andre aktorer|ovrige aktorer|involverte|samarbeidende|sammen med|
            andre involverte|medansvarlig|medansvarlige""",
        "indicator": """
            indikator|indikatorer|resultat|resultater|maling|oppfolging|evaluering|resultatindikator|
            hvordan males det|hvordan maler vi|maltall|styringsparameter|suksesskriterier|forventet resultat|
            nokkeltall|maleindikator|rapportering|hvordan folges det opp""",
        "other": """
            kostnad|kostnader|ressurser|finansiering|merknad|merknader|kommentar|kommentarer|status|budsjett|
            okonomi|
            ressursbehov""",
    },
    decisive={
        "indicator": "males|maler|suksess*|evalueres|folges",
        "partners": "sammen med|med hvem|hvem andre",
        "responsible": "hvem|hvilken enhet|hvilken avdeling",
        "schedule": "nar",
    },
    plain={
        "number": "nummer|*nummer|nr",
        "domain": """
            tema*|*tema|*omrade|*omrader|omrade|omrader|kapittel|kategori|perspektiv|innsatsomr*|satsing*|
            satsning*""",
        "goal": "mal|malene|*mal|malsetting*|*malsetting|oppna|formal|hensikt|visjon|*malet|malbilde",
        "action": """
            tiltak*|*tiltak|*tiltakene|aktivitet*|*aktivitet|*aktiviteter|oppgave*|*oppgaver|gjore|gjores|
            prosjekt|
            prosjekter|*prosjekt|handling|handlinger|innsats|innsatser|grep""",
        "schedule": """
            frist*|*frist|tidsplan*|tidsrom*|tidsfrist*|tidspunkt*|tidsperiod*|*tidsplan|deadline|ferdig|
            ferdigstil*|
            fullfor*|innen|senest|framdrift*|fremdrift*|gjennomforingsper*|gjennomforingstid*|maldato""",
        "start": "start|oppstart*|startdato|starter|begynner|pabegyn*|igangset*",
        "end": "slutt|slutter|sluttdato|avslut*",
        "responsible": """
            ansvar*|*ansvar|*ansvarlig|*ansvarlige|hovedansvar*|koordinat*|koordiner*|utforer*|eier|*eier|
            ledes|
            prosjektled*|kontaktpers*""",
        "partners": """
            samarbeid*|partner|partnere|*partner|*partnere|medvirk*|deltak*|involver*|bidragsyter*|
            interessent*|
            medansvar*|samhandl*""",
        "indicator": """
            indikator*|*indikator|*indikatorer|nokkeltall*|maltall*|malepunkt*|maleparam*|oppfolg*|
            *oppfolging|
            evaluer*|*evaluering|resultat*|*resultat|*resultater|effekt|effekter|kriteri*|*kriterier|maling|
            malinger|
            rapporter*|dokumentasjon|styringsparam*""",
        "other": """
            kostnad*|*kostnad|*kostnader|ressurs*|*ressurser|finansier*|*finansiering|midler|budsjett*|
            *budsjett|status*|
            *status|merknad*|anmerk*|komment*|risiko*|bakgrunn*|begrunn*|vedlegg|prioritet|prioritering|
            notat*|okonomi*|
            kroner|belop""",
    },
    faint={
        "schedule": "tid|ar|dato|*dato|maned|kvartal|periode|*periode|nar|arstall",
        "start": "fra",
        "responsible": """
            enhet|enheter|avdeling|avdelinger|aktor|aktorer|*aktor|*aktorer|part|parter|organisasjon|
            virksomhet|
            virksomheter|etat|sektor|tjeneste|instans|utvalg|stilling""",
    },
    joints="og|samt|eller|av|for|i|med|som|til|pa|om|hvordan|gjennom|ved|innen",
    per_year="/år|per år|i året",
    silent="""
        planlagt|planlagte|prioritert|prioriterte|konkret|konkrete|viktig|viktige|forventet|forventede|
        foreslatt|
        foreslatte|strategisk|strategiske|overordnet|overordnede|beskrivelse|navn|tittel|hva|vi|skal|vil|det|
        den|de|har|
        gjennomforing|kommunens|hvilke|hvilken|onsket|onskede|beregnet""",
    others="andre|ovrige",
)

WORDS = DocumentWords(
    lang="nb",
    headings=_HEADINGS,
    every_year="hvert år",
    with_partners="i samarbeid med: ",
    conjunctions=("og", "samt", "&", "+"),
    larger=("samt",),
    heads="""
        tjenesten tjeneste tjenester tjenestene enheten enhet enheter enhetene sektoren sektor avdelingen
        avdeling
        avdelinger avdelingene etaten etat etater kontoret kontor styret styre radet rad utvalget utvalg
        komiteen komite
        senteret senter sentralen sentral nettverket nettverk organisasjonen organisasjoner organisasjonene
        foreningen
        forening foreninger foreningene forvaltningen forvaltning kommunen kommune kommuner fylkeskommunen
        byen by
        forbundet forbund verket verk byra skolen skolene skoler skole ungdomsskolene barnehagene barnehager
        barnehagen
        utdanning kompetanse universitetet universitet hoyskolen hoyskoler biblioteket bibliotek
        departementet museet
        museer teamet team gruppen gruppe lederen leder direktoren direktor koordinator koordinatoren
        prosjektet
        prosjekt myndigheten myndigheter regionen region radgiver radgivere selskapet selskap bedrifter
        bedrift foretaket
        foretak stiftelsen stiftelse instituttet virksomheten virksomhet virksomheter virksomhetene stab
        staben
        formannskapet kommunestyret bystyret fylkestinget helsestasjoner helsestasjonen politiet lagene lag
        klubber
        idrettslag velforeningene menigheten nav ks husbanken statsforvalteren kirken vesenet vesen kors
        sentralene as kf
        iks drift""",
    upper_heads="""
        avdelingen avdeling enheten enhet etaten etat kontoret departementet utvalget sektoren tjenestene
        virksomheten""",
    groups="""
        innbyggere innbyggerne foreldre frivillige partnere naringslivet naringsliv politiet larere personale
        ansatte
        sivilsamfunnet interessenter kirken menigheten ungdom ungdommene beboere brukere parorende
        grunneiere""",
    fields_too="utdanning virksomhet drift kompetanse kommunikasjon",
    fields="""
        kultur kulturen fritid fritiden idrett oppvekst utdanning opplaring undervisning skole barnehage
        sosial helse
        folkehelse omsorg velferd mestring miljo klima bygg byggesak plan planlegging arealplan samfunn
        samfunnsutvikling naring naringsliv naringsutvikling arbeid integrering inkludering barn unge ungdom
        familie
        eldre bolig eiendom teknisk tekniske drift park parker vei veg gater trafikk samferdsel vann avlop
        renovasjon
        landbruk natur okonomi finans innkjop personal hr it digitalisering organisasjon kommunikasjon
        informasjon
        juridisk kvalitet beredskap sikkerhet trygghet demokrati medvirkning turisme reiseliv bibliotek
        rehabilitering
        rus psykisk levekar energi utvikling strategi forvaltning""",
    kinds="foreninger foreningene organisasjoner organisasjonene skoler skolene barnehager barnehagene lag",
    titles="sjef leder direktor koordinator radgiver",
    governing="avdelingen avdeling enheten enhet utvalget etaten kontoret sektoren leder direktor seksjonen",
    determiners="andre ovrige eventuelle berorte aktuelle relevante alle",
    prepositions="pa i av innen ved med fra til for",
    pairs=(("barn", "unge"), ("barn", "ungdom"), ("barnehager", "skoler"), ("universiteter", "hoyskoler")),
    tails=("tjenester", "tjenestene", "tjenesten", "virksomhet", "virksomheten", "enheten", "nettverk",
    "avdelingen"),
    plural=r"(?:ene|ere|erne|er|ne)$",
    inflected=r"[aeinrts]{0,4}",
    together=(
        "i samarbeid med", "i nart samarbeid med", "i tett samarbeid med", "i samrad med", "i dialog med",
        "i samhandling med", "i partnerskap med", "sammen med", "med bistand fra", "med stotte fra",
        "med medvirkning fra",
    ),
    partner_labels=(
        "samarbeidspartnere", "samarbeidspartner", "samarbeid", "medvirkende", "ovrige", "samarbeidsparter",
        "andre aktorer",
    ),
    lead_labels=("ansvarlig", "ansvarlige", "hovedansvar", "hovedansvarlig"),
    after_project=("etter prosjektet", "etter prosjektets slutt", "etter prosjektperioden", "etter piloten"),
    from_year=("etter", "fra", "fra og med", "f.o.m."),
    more=("mv.", "mv", "m.v.", "o.l.", "med flere", "med mer"),
    open_ends=("og", "samt", "med", "for", "av", "til", "i samarbeid"),
    counting="antall andel prosent gjennomfort etablert opprettet vedtatt utarbeidet er skal ble",
    small="og i a at for av en ei et den det til med pa samt som om",
    deadline=("senest", "innen", "seinest"),
    naming=("handlingsplan", "plan", "program", "strategi", "handlingsprogram"),
)  # fmt: skip
